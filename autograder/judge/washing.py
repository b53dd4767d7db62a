"""Washing: what the student's process sends is decoded first where it can do no harm.

Arrow streams and arrays are read by C++ code that a forged message may crash, or make it ask for
all the memory there is. So a message with blobs, or a large one, is decoded and packed again by a
*worker*, and the judge reads what the worker packed. A worker serves one submission. It is forked,
in a few milliseconds, from the *basin*: a clean process of its own, one for each judging process,
that has everything loaded and never sees a message. A worker may use `MEMORY` bytes and
`CPU_SECONDS` a message; a worker that dies costs its submission one answer, and nobody else.

What a worker has packed costs the judge no more memory and time to read than it cost the worker.
A small message without blobs is decoded in the judge at once: the wire's own caps bound it.

Where a process cannot be forked (Windows), messages are decoded in the judge.
"""

import gc
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from weakref import WeakKeyDictionary, finalize

from autograder import wire

SMALL = 64 * 2**10
MEMORY = 4 * wire.MAX_BYTES
CPU_SECONDS = 20.0
WALL_SECONDS = 120.0
START_SECONDS = 60.0
HEAD = struct.Struct(">BQ")
CHUNK = 2**20
REFUSED, WASHED = 0, 1
COMMAND = (sys.executable, "-I", "-B", "-m", "autograder.judge.washing")
ENVIRONMENT = {
    "PATH": os.defpath,
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


def wash(message: bytes, whose: object) -> bytes | bytearray:
    """The same message as `wire.pack` makes it, of a submission that `whose` stands for.

    Raises wire.WireError if it is no message, or takes too much memory or time.
    """
    if isinstance(message, wire.Ours) or _is_small(message) or not hasattr(os, "fork"):
        return message
    worker = _workers.get(whose) or _hire(whose)
    try:
        kind, answer = _converse(worker, message)
    except (OSError, EOFError):
        _dismiss(whose)
        fact = "what came back could not be decoded: it takes too much memory or time"
        raise wire.WireError(fact) from None
    except BaseException:  # a deadline or Ctrl-C: the rest of the answer must not be the next one
        _dismiss(whose)
        raise
    if kind != WASHED:
        raise wire.WireError(str(answer, "utf-8", "replace"))
    return answer


def start(command: Sequence[str], end: int) -> subprocess.Popen[bytes]:
    """Start the basin: `command` with the socket `end` as its standard input, and nothing else of
    ours."""
    return subprocess.Popen(
        command,
        stdin=end,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd=os.sep,
        start_new_session=True,
    )


def _is_small(message: bytes) -> bool:
    one = wire.COUNT.pack(1)
    return len(message) <= SMALL and message[: wire.COUNT.size] == one


# --- the judge's side -------------------------------------------------------------------------

_workers: WeakKeyDictionary[Any, socket.socket] = WeakKeyDictionary()


class _Basin:
    """The judge's end of the line to a basin: workers are asked for here."""

    def __init__(self) -> None:
        self.end, theirs = socket.socketpair()
        with theirs:
            self.process = start(COMMAND, theirs.fileno())
        finalize(self, _end, self.end, self.process)
        self.end.settimeout(START_SECONDS)
        if not self.end.recv(1):
            raise ChildProcessError("the process that decodes answers did not start")

    def worker(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self.end, [b"w"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours


def _end(end: socket.socket, process: subprocess.Popen[bytes]) -> None:
    end.close()
    process.kill()
    process.wait()


@cache
def _basin(_owner: int) -> _Basin:
    return _Basin()


def _hire(whose: object) -> socket.socket:
    """A new worker; from a new basin, if the one that there was has gone."""
    try:
        worker = _basin(os.getpid()).worker()
    except OSError:
        _basin.cache_clear()
        worker = _basin(os.getpid()).worker()
    _workers[whose] = worker
    finalize(whose, worker.close)
    return worker


def _dismiss(whose: object) -> None:
    _workers.pop(whose).close()


def _converse(worker: socket.socket, message: bytes) -> tuple[int, bytearray]:
    deadline = time.monotonic() + WALL_SECONDS
    worker.settimeout(WALL_SECONDS)
    worker.sendall(HEAD.pack(0, len(message)))
    worker.sendall(message)
    return _receive(worker, deadline)


def _receive(end: socket.socket, deadline: float | None = None) -> tuple[int, bytearray]:
    kind, size = HEAD.unpack(_exactly(end, HEAD.size, deadline))
    if size > wire.MAX_BYTES + 2**20:
        raise EOFError
    return kind, _exactly(end, size, deadline)


def _exactly(end: socket.socket, count: int, deadline: float | None) -> bytearray:
    data = bytearray()
    while len(data) < count:
        if deadline is not None:
            end.settimeout(max(1e-3, deadline - time.monotonic()))
        some = end.recv(min(CHUNK, count - len(data)))
        if not some:
            raise EOFError
        data += some
    return data


# --- the basin and its workers ----------------------------------------------------------------


def main() -> None:
    """The basin: fork a worker for each socket that comes in, until the judge is gone."""
    from autograder import wire_data

    assert wire_data.wire_arrow
    _limit()
    gc.disable()  # plain values have no cycles, and a worker does not last
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=0) as judge:
        judge.sendall(b"r")
        while True:
            request, ends, *_ = socket.recv_fds(judge, 1, 1)
            if not request:
                return
            if os.fork() == 0:
                judge.close()
                _work(socket.socket(fileno=ends[0]))
            os.close(ends[0])


def _limit() -> None:
    """Cap the memory (beyond what is loaded already), and forbid files and core dumps."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        loaded = int(lines["VmData"].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (loaded + MEMORY, loaded + MEMORY))
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (0, 0))


def _work(judge: socket.socket) -> NoReturn:
    """A worker: wash messages until the judge closes the line."""
    with suppress(OSError, EOFError):
        while True:
            kind, answer = _washed(_receive(judge)[1])
            judge.sendall(HEAD.pack(kind, len(answer)))
            judge.sendall(answer)
    os._exit(0)


def _washed(message: bytearray) -> tuple[int, bytes]:
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # its signal ends the process
    try:
        value = wire.unpack(message)
        del message
        return WASHED, wire.pack(value)
    except wire.WireError as error:
        return REFUSED, str(error)[:500].encode("utf-8", "replace")
    except MemoryError:
        return REFUSED, b"what came back takes too much memory"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main()
