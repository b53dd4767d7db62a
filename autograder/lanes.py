"""Lanes: processes that judge side by side, as many as there are cores; one pytest session at a
time in each."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context


@contextmanager
def lanes(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool for so many jobs; what has not begun when it closes is cancelled."""
    width = max(1, min(jobs, os.cpu_count() or 1))
    pool = ProcessPoolExecutor(width, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
