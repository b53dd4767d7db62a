"""A deadline for what the judge does itself with a student's value: compare, sort, print it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite

from autograder.judge.faults import CallTimeout


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise CallTimeout in the body after so many seconds.

    In the main thread of a system with alarms; elsewhere, or for infinitely many, the body has all
    the time that it takes.
    """
    if not isfinite(seconds) or not _can_alarm():
        yield
        return
    before = signal.signal(signal.SIGALRM, _over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _over(*_: object) -> None:
    raise CallTimeout("what came back could not be checked in time")


def _can_alarm() -> bool:
    main = threading.current_thread() is threading.main_thread()
    return main and hasattr(signal, "setitimer")
