"""Washing: what the student's process sends is decoded first where it can do no harm.

Arrow streams and arrays are read by C++ code that a forged message may crash, make ask for all the
memory there is, or worse. So a message with blobs, or a large one, is decoded and packed again by a
*worker*, and the judge reads what the worker packed. A worker serves one submission. It is forked,
in a few milliseconds, from the *basin* (`judge.basin`), of which each judging process has one. A
submission that is shut in has its answers decoded in a room too, by a worker that can do nothing
but compute. A worker that dies costs its submission one answer, and nobody else.

What a worker has packed costs the judge no more memory and time to read than it cost the worker.
A small message without blobs is decoded in the judge at once: the wire's own caps bound it.

Where a process cannot be forked (Windows), messages are decoded in the judge.
"""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, Protocol
from weakref import WeakKeyDictionary, finalize

from autograder import wire
from autograder.judge.basin import HEAD, READY, WASHED, receive

SMALL = 64 * 2**10
WALL_SECONDS = 120.0
START_SECONDS = 60.0
GONE_SECONDS = 0.2  # for a basin to end that is killed at the same time as its worker
COMMAND = (sys.executable, "-I", "-B", "-m", "autograder.judge.basin")
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


class Whose(Protocol):
    """A submission, as far as washing asks: whether it is shut in."""

    sandbox: bool


def wash(message: bytes, whose: Whose) -> bytes | bytearray:
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
        if _basin(os.getpid(), whose.sandbox).gone():
            raise ChildProcessError("the process that decodes answers is gone") from None
        fact = "what came back could not be decoded: it takes too much memory or time"
        raise wire.WireError(fact) from None
    except BaseException:  # a deadline or Ctrl-C: the rest of the answer must not be the next one
        _dismiss(whose)
        raise
    if kind != WASHED:
        raise wire.WireError(str(answer, "utf-8", "replace"))
    return answer


def _is_small(message: bytes) -> bool:
    one = wire.COUNT.pack(1)
    return len(message) <= SMALL and message[: wire.COUNT.size] == one


_workers: WeakKeyDictionary[Any, socket.socket] = WeakKeyDictionary()


def _hire(whose: Whose) -> socket.socket:
    """A new worker; from a new basin, if the one that there was has gone."""
    try:
        worker = _basin(os.getpid(), whose.sandbox).worker()
    except OSError:
        _basin.cache_clear()
        worker = _basin(os.getpid(), whose.sandbox).worker()
    _workers[whose] = worker
    finalize(whose, worker.close)
    return worker


def _dismiss(whose: Whose) -> None:
    _workers.pop(whose).close()


def _converse(worker: socket.socket, message: bytes) -> tuple[int, bytearray]:
    deadline = time.monotonic() + WALL_SECONDS
    worker.settimeout(WALL_SECONDS)
    worker.sendall(HEAD.pack(0, len(message)))
    worker.sendall(message)
    return receive(worker, deadline)


class _Basin:
    """The judge's end of the line to a basin: workers are asked for here."""

    def __init__(self, confined: bool) -> None:
        stack = ExitStack()
        finalize(self, stack.close)
        self.end, theirs = socket.socketpair()
        with theirs:
            started = _confined(theirs.fileno()) if confined else _plain(theirs.fileno())
            self.pid = stack.enter_context(started)
        stack.callback(self.end.close)
        _await(self.end)

    def gone(self) -> bool:
        """Whether the basin has ended, and its workers with it, by no fault of a message's."""
        return bool(select.select([self.end], [], [], GONE_SECONDS)[0])

    def worker(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self.end, [b"w"], [theirs.fileno()])
            _await(ours)
        except OSError:
            ours.close()
            raise
        return ours


@cache
def _basin(_owner: int, confined: bool) -> _Basin:
    return _Basin(confined)


def _await(end: socket.socket) -> None:
    """Until the process at the other end has begun."""
    end.settimeout(START_SECONDS)
    if end.recv(1) != READY:
        raise ChildProcessError("the process that decodes answers did not start")


@contextmanager
def _plain(link: int) -> Iterator[int]:
    """A basin as an ordinary process with `link`, and nothing else of ours; its pid."""
    process = subprocess.Popen(
        [*COMMAND, str(link)],
        pass_fds=[link],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd=os.sep,
        start_new_session=True,
    )
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


@contextmanager
def _confined(link: int) -> Iterator[int]:
    """A basin in a room of its own; the room's first process."""
    from autograder.sandbox.confine import namespaces
    from autograder.sandbox.forker import IN_A_ROOM
    from autograder.sandbox.room import Room
    from autograder.sandbox.slots import slot

    settings = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
    command = [*IN_A_ROOM, *settings, *COMMAND, str(link), json.dumps(namespaces())]
    with slot() as uid:
        room = Room(uid, command, [link])
        try:
            yield room.ready()
        finally:
            room.close()
