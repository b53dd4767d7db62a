"""The grader's end of a zygote: one that forks into any room, or one that lies in its own room.

Both are asked the same way: `fork(order)` gives the pid (the host's) of the process that runs it.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from autograder.judge.faults import Infrastructure
from autograder.sandbox.order import Order, send_order
from autograder.sandbox.room import Room
from autograder.sandbox.zygote import READY

START_SECONDS = 60.0
KEPT = ("LANG", "LC_ALL", "TZ")
QUIET = {  # one thread only before the fork: see pyarrow's and OpenBLAS' manuals
    "PATH": "/usr/bin:/bin",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "OPENBLAS_NUM_THREADS": "1",
    "SSL_CERT_DIR": "/etc",  # for pygit2, where the zygote lies in a room
    "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false",  # else gcsfs loads gRPC
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # of all that is forked: the same order of a set on every run
}
IN_A_ROOM = ("/bin/sh", "-c", 'exec 2>/dev/null; echo ready; exec "$@"', "sh", "/usr/bin/env")


def program(link: int, uid: int, modules: Sequence[str], *more: str) -> list[str]:
    """The command line of a zygote."""
    module = "autograder.sandbox.zygote"
    return [sys.executable, "-P", "-m", module, str(link), str(uid), *modules, *more]


class Zygote:
    """A zygote outside of all rooms, which forks into the room that an order names."""

    def __init__(self, uid: int, modules: Sequence[str]) -> None:
        self.link, theirs = _pair()
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        with theirs:
            self.process = subprocess.Popen(
                program(theirs.fileno(), uid, modules),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=kept | QUIET,
                process_group=0,
            )
        self._ready = False

    def alive(self) -> bool:
        return self.process.poll() is None

    def fork(self, order: Order) -> int:
        """Waits until it has imported its modules; raises Infrastructure if it does not come up."""
        if not self._ready:
            self._wait()
        return _ask(self.link, order)

    def _wait(self) -> None:
        self._ready = _is_ready(self.link)
        if not self._ready:
            self.process.kill()
            assert self.process.stderr is not None
            said = self.process.stderr.read().decode("utf-8", "replace").strip()
            raise Infrastructure(f"the zygote did not start: {said[-500:] or 'no answer'}")

    def close(self) -> None:
        self.link.close()
        self.process.kill()
        self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()


class Single:
    """A zygote in a room of its own, which becomes the process of its one order."""

    def __init__(self, uid: int, modules: Sequence[str]) -> None:
        self.link, theirs = _pair()
        settings = [f"{name}={value}" for name, value in QUIET.items()]
        with theirs:
            fd = theirs.fileno()
            payload = [*IN_A_ROOM, *settings, *program(fd, 0, modules, "--inside")]
            self.room = Room(uid, payload, [fd])

    def fork(self, order: Order) -> int:
        self.room.ready()
        if not _is_ready(self.link):
            raise Infrastructure("the zygote in its room did not start")
        with suppress(OSError):
            send_order(self.link, order)
        first = self.room.pid
        return int(Path(f"/proc/{first}/task/{first}/children").read_text().split()[0])

    def close(self) -> None:
        self.link.close()


def _pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _is_ready(link: socket.socket) -> bool:
    link.settimeout(START_SECONDS)
    with suppress(OSError):
        return link.recv(64) == READY
    return False


def _ask(link: socket.socket, order: Order) -> int:
    try:
        send_order(link, order)
        return int(link.recv(64) or 0)
    except OSError as error:
        raise Infrastructure(f"the zygote is gone: {error}") from None
