"""Lanes: processes that judge side by side, one pytest session at a time in each.

There are as many as cores and memory bear, and each keeps to its own cores. If a lane dies, its job
fails and no other, and a new lane takes its place. A lane never outlives its grader: it ends when
it is told to, and when the grader is gone for whatever reason.

Lanes are forked from a process that has imported what judging takes: that costs a second of CPU,
once, and not for each lane.
"""

import atexit
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import active_children, get_context, parent_process
from multiprocessing import connection as pipes
from multiprocessing.util import Finalize
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

import psutil

LAST_SECONDS, ORPHAN_SECONDS = 3.0, 15.0  # for cleaning up: with a grader that waits, without
MEMORY = 2.5 * 2**30  # bytes that a submission at its limit and its judge may take together
Job = tuple[Any, ...]

_working: list[bool] = []


def width(jobs: int) -> int:
    """How many lanes this machine bears: one a core, as far as its free memory goes."""
    bearable = int(psutil.virtual_memory().available // MEMORY)
    return max(1, min(jobs, len(_cores()), bearable))


def _cores() -> list[int]:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


@dataclass
class Lane:
    """One process, behind an executor of its own, which is made anew should the process die; but
    not once the lane is closed, because then it was meant to die."""

    cores: list[int]
    ready: Callable[[], object]
    pool: Executor = field(init=False)
    closed: bool = False
    turn: Any = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        arguments = (self.cores, dict(os.environ), self.ready)
        self.pool = ProcessPoolExecutor(1, _origin(), _begin, arguments)

    def submit(self, work: Callable[..., Any], job: Job) -> Future[Any]:
        with self.turn:
            if self.closed:
                raise RuntimeError("the lane is closed")
            try:
                return self.pool.submit(_work, work, *job)
            except BrokenProcessPool:
                self.renew()
                return self.pool.submit(_work, work, *job)

    def close(self) -> None:
        """Take no more jobs."""
        with self.turn:
            self.closed = True


@cache
def _origin() -> Any:
    """Where lanes come from: a server that forks them, or on Windows, a new process for each."""
    if sys.platform == "win32":
        return get_context("spawn")
    server = get_context("forkserver")
    server.set_forkserver_preload(["autograder.course.judging"])
    return server


Each = Callable[[Callable[..., Any], Iterable[Job]], Iterator[tuple[Job, Future[Any]]]]


@contextmanager
def lanes(jobs: int, ready: Callable[[], object] = int) -> Iterator[Each]:
    """A function that has each of many jobs done, and gives them back with their results in the
    order in which they end. A lane calls `ready` before its first job.

    If it is left by an exception, Ctrl-C too, what runs is ended.
    """
    count = width(jobs)
    found = [Lane(_cores()[turn::count], ready) for turn in range(count)]
    try:
        yield lambda work, todo: each(found, work, todo)
    except BaseException:
        for lane in found:
            lane.close()
        _end_all()
        raise
    finally:
        for lane in found:
            with suppress(OSError):  # an executor whose process has just ended closes itself too
                lane.pool.shutdown(cancel_futures=True)


def each(
    lanes: Sequence[Any], work: Callable[..., Any], todo: Iterable[Job]
) -> Iterator[tuple[Job, Future[Any]]]:
    """Have all jobs done by whatever `lanes` there are (anything with a `submit`).

    A lane is given its next job as soon as it has done one, whatever the caller does with what it
    got meanwhile.
    """
    waiting, turn = iter(todo), Lock()
    done: SimpleQueue[tuple[Job, Future[Any]] | BaseException | None] = SimpleQueue()

    def keep_busy(lane: Any) -> None:
        try:
            while True:
                with turn:
                    job = next(waiting)
                wait([future := lane.submit(work, job)])
                done.put((job, future))
        except StopIteration:
            done.put(None)
        except BaseException as error:  # raised by `todo`: the caller's to hear
            done.put(error)

    for lane in lanes:
        Thread(target=keep_busy, args=(lane,), daemon=True).start()
    busy = len(lanes)
    while busy:
        if isinstance(result := done.get(), BaseException):
            raise result
        if result is None:
            busy -= 1
        else:
            yield result


def _begin(cores: list[int], environ: dict[str, str], ready: Callable[[], object]) -> None:
    """In a lane: leave Ctrl-C to the grader, stop when told to, and watch for the grader's death.

    What a lane starts inherits its cores, and the sandbox keeps it to them, so that a busy
    submission takes no time from another's. The environment is the grader's of today: the server
    was started with that of its day.
    """
    os.environ.clear()
    os.environ.update(environ)
    Finalize(None, atexit._run_exitfuncs, exitpriority=0)  # a fork would end without them
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    Thread(target=_end_with_parent, daemon=True).start()
    ready()


def _work(job: Callable[..., Any], *arguments: Any) -> Any:
    _working.append(True)
    try:
        return job(*arguments)
    finally:
        _working.clear()


def _stop(*_: object) -> None:
    """Stop a job as Ctrl-C would, so that it cleans up, and then leave; once."""
    if _working:
        Thread(target=_leave, daemon=True).start()
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit


def _leave() -> None:
    """When the work at hand has cleaned up, be told again to stop."""
    while _working:
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGTERM)


def _end_with_parent() -> None:
    """When the grader is gone, stop the work at hand, and go."""
    parent = parent_process()
    if parent is not None:
        pipes.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHAN_SECONDS)
        os._exit(1)


def _end_all() -> None:
    """Stop all lanes; kill those that have not ended in time."""
    workers, last = active_children(), time.monotonic() + LAST_SECONDS
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(max(0.0, last - time.monotonic()))
        worker.kill()
