"""Lanes: processes that judge side by side, as many as there are cores; one pytest session at a
time in each.

A lane never outlives its grader: it ends when it is told to, and when the grader is gone for
whatever reason.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any

LAST_SECONDS = 3.0
Submit = Callable[..., Future[Any]]


_working: list[bool] = []


@contextmanager
def lanes(jobs: int) -> Iterator[Submit]:
    """A way to submit so many jobs. If it is left by an exception, Ctrl-C too, what runs is
    ended."""
    width = max(1, min(jobs, os.cpu_count() or 1))
    spawn = get_context("spawn")
    turns = spawn.Value("i", 0)
    pool = ProcessPoolExecutor(width, spawn, initializer=_begin, initargs=(turns, width))
    try:
        yield lambda job, *arguments: pool.submit(_work, job, *arguments)
    except BaseException:
        _end_all()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(turns: Any, width: int) -> None:
    """In a lane: leave Ctrl-C to the grader, stop when told to, and watch for the grader's
    death."""
    _keep_to_own_cores(turns, width)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    Thread(target=_end_with_parent, daemon=True).start()


def _keep_to_own_cores(turns: Any, width: int) -> None:
    """Share the cores out, so that a busy submission takes no time from another's. What a lane
    starts inherits its cores, and the sandbox keeps it to them."""
    if hasattr(os, "sched_setaffinity"):
        with turns.get_lock():
            turn, turns.value = turns.value % width, turns.value + 1
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[turn::width] or cores)


def _work(job: Callable[..., Any], *arguments: Any) -> Any:
    _working.append(True)
    try:
        return job(*arguments)
    finally:
        _working.clear()


def _stop(*_: object) -> None:
    """Stop a job as Ctrl-C would, so that it cleans up; without a job, just leave."""
    raise KeyboardInterrupt if _working else SystemExit


def _end_with_parent() -> None:
    """When the grader is gone, stop the work at hand as Ctrl-C would, with its cleaning up, then
    go."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_SECONDS)
        os._exit(1)


def _end_all() -> None:
    workers = active_children()
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(LAST_SECONDS)
        worker.kill()
