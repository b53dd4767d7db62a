"""The basin: a process that decodes what a submission sends, where that can do no harm.

`python -m autograder.judge.basin LINK [NAMESPACES]`. The basin itself never sees a message: it has
loaded all that decoding takes, and forks a *worker* for each socket that comes over LINK. A worker
may use `MEMORY` bytes and `CPU_SECONDS` a message.

Given the judge's NAMESPACES it lies in a room, and is sealed as a submission's kernel is. Its
workers give up more: all they can ask of Linux is memory, and to answer on their socket.
"""

import gc
import json
import os
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from autograder import wire

MEMORY = 4 * wire.MAX_BYTES
CPU_SECONDS = 20.0
HEAD = struct.Struct(">BQ")
CHUNK = 2**20
REFUSED, WASHED = 0, 1
READY = b"r"


def main(arguments: list[str]) -> None:
    """Fork a worker for each socket that comes in, until the judge is gone."""
    from autograder.judge import specimen

    link, confined = int(arguments[0]), len(arguments) > 1
    specimen.load()
    if confined:
        _seal(link, json.loads(arguments[1]))
    _limit()
    gc.disable()  # plain values have no cycles, and a worker does not last
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=link) as judge:
        judge.sendall(READY)
        while True:
            request, ends, *_ = socket.recv_fds(judge, 1, 1)
            if not request:
                return
            if os.fork() == 0:
                judge.close()
                _work(socket.socket(fileno=ends[0]), confined)
            os.close(ends[0])


def _seal(link: int, outside: dict[str, str]) -> None:
    """Give up every right, and all that is open but `link`."""
    from autograder.sandbox import confine

    limits = confine.Limits(memory=MEMORY, processes=64, files=16, file_size=0)
    confine.seal(limits, {link}, outside)


def _limit() -> None:
    """Cap the memory (beyond what is loaded already), and forbid files and core dumps."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        for kind, name in ((resource.RLIMIT_DATA, "VmData"), (resource.RLIMIT_AS, "VmSize")):
            most = int(lines[name].split()[0]) * 1024 + MEMORY
            resource.setrlimit(kind, (most, most))
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (0, 0))


def _work(judge: socket.socket, confined: bool) -> NoReturn:
    """A worker: wash messages until the judge closes the line."""
    try:
        if confined:
            _only_compute()
        judge.sendall(READY)
        with suppress(OSError, EOFError):
            while True:
                kind, answer = _washed(receive(judge)[1])
                judge.sendall(HEAD.pack(kind, len(answer)))
                judge.sendall(answer)
    finally:
        os._exit(0)


def _only_compute() -> None:
    """Have Linux refuse all but memory and the line; raise unless it does."""
    from autograder.sandbox import confine, syscalls

    syscalls.load_computing()
    for forbidden in (lambda: os.open("/", os.O_RDONLY), socket.socket, os.pipe):
        try:
            forbidden()
        except PermissionError:
            continue
        raise confine.NotConfined("a process that decodes may do more than compute")


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


def receive(end: socket.socket, deadline: float | None = None) -> tuple[int, bytearray]:
    """The next message of a line, kind and bytes; raises EOFError if it ends, TimeoutError after
    `deadline` (of time.monotonic)."""
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


if __name__ == "__main__":
    main(sys.argv[1:])
