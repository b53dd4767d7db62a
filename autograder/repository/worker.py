"""The other end of an errand: read one request, do it, answer, end.

`python -m autograder.repository.worker` reads standard input and writes standard output; in a room
the zygote calls `in_room`. Whatever goes wrong with the work is an answer, too.
"""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder import wire
from autograder.channel import Channel

ISOLATED = {  # DVC and git look at nothing but the repository, ask nobody, tell nobody
    "DVC_NO_ANALYTICS": "1", "DVC_STUDIO_OFFLINE": "1", "DVC_DAEMON": "1", "DVC_TEST": "true",
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "judge", "GIT_AUTHOR_EMAIL": "judge@localhost", "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_COMMITTER_NAME": "judge", "GIT_COMMITTER_EMAIL": "judge@localhost", "LC_ALL": "C.UTF-8",
}  # fmt: skip
PLACES = ("DVC_GLOBAL_CONFIG_DIR", "DVC_SYSTEM_CONFIG_DIR", "DVC_SITE_CACHE_DIR")


class Unfit(Exception):
    """The request's repository cannot be examined, for the reason that the message says."""


def do(message: bytes) -> bytes:
    """The answer to a request: {"value": …}, or {"unfit": the reason}."""
    request: Any = wire.unpack(message)
    try:
        return wire.pack({"value": _jobs()[request.pop("do")](Path.cwd(), **request)})
    except Unfit as error:
        return wire.pack({"unfit": str(error)})
    except wire.WireError:
        return wire.pack({"unfit": "it is too large to be examined"})


def _jobs() -> dict[str, Callable[..., Any]]:
    from autograder.repository.reading import read
    from autograder.repository.running import run

    return {"read": read, "run": run}


def isolate(folder: Path) -> None:
    os.environ.update(ISOLATED | {name: str(folder / "elsewhere") for name in PLACES})


def in_room(end: int) -> None:
    """Answer the one request that comes over the socket `end`."""
    isolate(Path("/tmp"))
    channel = Channel(socket.socket(fileno=end))
    channel.send_bytes(do(channel.receive()))


if __name__ == "__main__":
    isolate(Path.cwd().parent)
    answer = sys.stdout.buffer
    sys.stdout = sys.stderr
    answer.write(do(sys.stdin.buffer.read()))
