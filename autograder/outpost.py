"""Outposts: a Dask worker's hold on the process that judges on its host.

A worker only passes on: its threads are no place for pytest, and under its nanny it may start no
`multiprocessing` children. So for each run of a grader it starts a process (`garrison`), in a
session of its own, and talks to it over a socket pair.

That process never outlives its purpose: when the worker ends, however it ends, or drops its hold
(which Dask sees to when the grader is gone), the line is closed, and it goes. The functions below
`Outpost` are tasks of Dask, which run in a worker's thread.
"""

import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from threading import Lock, Thread
from typing import Any
from weakref import finalize

from autograder.course.parcel import Parcel, Sent
from autograder.errors import OutgrowError

END_SECONDS = 10.0
GARRISON = "autograder.garrison"
Versions = dict[str, str]


class HostLost(Exception):
    """An outpost, or its worker, that is gone: the work is to be done elsewhere."""


class Fault(Exception):
    """A job that failed for a reason of ours; the text is its traceback."""


@dataclass(frozen=True)
class Facts:
    """What an outpost says of itself: the machine, and how many submissions it judges at a time."""

    machine: str
    lanes: int


class Outpost:
    """A worker's hold on its outpost, which ends when this is dropped."""

    def __init__(self, parcel: Parcel, sandbox: bool, threads: int) -> None:
        """Start it, and wait until it is ready; raises OutgrowError if it cannot judge there."""
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", GARRISON, str(theirs.fileno())]
        with theirs:
            process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._link = Connection(os.dup(ours.fileno()))
        self._waiting = _Waiting()
        finalize(self, _hang_up, ours)
        listener = (self._link, self._waiting, process)
        Thread(target=_listen, args=listener, daemon=True).start()
        ready = self._waiting.ask(self._link, (parcel, sandbox, threads))
        self.facts: Facts = ready.result()

    def judge(self, work: Callable[..., Any], sent: Sent, sandbox: bool) -> Any:
        """What `work(course, lab, student, sandbox)` gives there; raises OutgrowError, Fault, or
        HostLost."""
        return self._waiting.ask(self._link, (work, sent, sandbox)).result()


class _Waiting:
    """Who waits for which answer."""

    def __init__(self) -> None:
        self._lock, self._numbers = Lock(), count()
        self._futures: dict[int, Future[Any]] = {}
        self._over = False

    def ask(self, link: Connection, request: tuple[Any, ...]) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if self._over:
                raise HostLost("the outpost has ended")
            self._futures[number := next(self._numbers)] = future
            with suppress(OSError):  # then it has ended, and the listener says so
                link.send((number, *request))
        return future

    def take(self, number: int) -> Future[Any]:
        with self._lock:
            return self._futures.pop(number)

    def end(self) -> None:
        with self._lock:
            self._over = True
        for future in self._futures.values():
            future.set_exception(HostLost("the outpost has ended"))


def _listen(link: Connection, waiting: _Waiting, process: subprocess.Popen[bytes]) -> None:
    """Pass answers on until the line is closed; then see that nothing is left."""
    folder = ""
    with suppress(EOFError, OSError):
        folder = link.recv()
        while True:
            number, kind, value = link.recv()
            _answer(waiting.take(number), kind, value)
    waiting.end()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    link.close()
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def _answer(future: Future[Any], kind: str, value: Any) -> None:
    if kind == "done":
        future.set_result(value)
    else:
        future.set_exception(OutgrowError(*value) if kind == "mend" else Fault(value))


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()


def furnish(parcel: Parcel, sandbox: bool, versions: Versions) -> Outpost:
    """Open an outpost for a run; raises OutgrowError if this worker cannot take part in it."""
    from distributed import get_worker

    _same(versions)
    return Outpost(parcel, sandbox, get_worker().state.nthreads)


def about(outpost: Outpost) -> Facts:
    return outpost.facts


def judge(outpost: Outpost, work: Callable[..., Any], sent: Sent, sandbox: bool) -> Any:
    return outpost.judge(work, sent, sandbox)


def _same(theirs: Versions) -> None:
    """Marks come from the same versions everywhere, or from nowhere."""
    from autograder.course.record import versions

    ours = versions()
    for name in sorted({*theirs, *ours}):
        here, there = ours.get(name, "none"), theirs.get(name, "none")
        if here != there:
            fact = f"there is {name} {here}, and {there} where the grader runs"
            raise OutgrowError(fact, platform.node(), "Install the same versions on both.")
