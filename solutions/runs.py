"""Sorting more records than memory holds: write sorted runs to disk, then merge them.

A run is a file of records (key, value) in ascending order of the keys. Only blocks of BLOCK records
are ever in memory: one for each run that is being read or written. At most FAN_IN runs are read at
once, so neither memory nor open files grow with the input. Runs are pickles: read only your own.
"""

import heapq
import pickle
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path

from solutions.shuffle import Record, Reduce, combine, partition

BLOCK = 100
FAN_IN = 32


def write_run(path: Path, records: Iterable[Record]) -> Path:
    """Write records to a file, in their order, a block at a time; return the path."""
    rest = iter(records)
    with path.open("wb") as file:
        while block := list(islice(rest, BLOCK)):
            pickle.dump(block, file)
    return path


def write_shares(paths: list[Path], records: Iterable[Record]) -> None:
    """Write each record to the file of its reducer, in their order; there is a file a reducer."""
    rest = iter(records)
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("wb")) for path in paths]
        while block := list(islice(rest, BLOCK * len(files))):
            shares = [[] for _ in files]
            for record in block:
                shares[partition(record[0], len(files))].append(record)
            for file, share in zip(files, shares, strict=True):
                pickle.dump(share, file)


def read_run(path: Path) -> Iterator[Record]:
    """The records of a file, one after the other; a block at a time is in memory."""
    with path.open("rb") as file:
        while file.peek(1):
            yield from pickle.load(file)


def merge(runs: Iterable[Path]) -> Iterator[Record]:
    """Merge runs into one stream of records, sorted by key.

    Beyond FAN_IN runs, the first are merged into a longer run (beside the last) until few are left.
    """
    waiting = list(runs)
    while len(waiting) > FAN_IN:
        first, waiting = waiting[:FAN_IN], waiting[FAN_IN:]
        longer = first[-1].with_name(f"{first[-1].name}+")
        waiting.append(write_run(longer, _merge_few(first)))
    return _merge_few(waiting)


def _merge_few(runs: list[Path]) -> Iterator[Record]:
    return heapq.merge(*map(read_run, runs), key=itemgetter(0))


def external_sort(
    records: Iterable[Record], folder: Path, memory: int, reduce: Reduce | None = None
) -> Iterator[Record]:
    """Sort records by key, holding at most `memory` of them, and give them as an iterator.

    `records` are pairs (key, value), perhaps from an iterator that is far larger than memory.
    `memory` (at least 1) is how many of them may be held as a buffer. A full buffer is sorted and
    written to a run, a new file in `folder`, which exists and is empty; the runs are then merged.
    Besides the buffer only a few blocks are in memory.

    With `reduce`, it is a combiner: each buffer is combined before it is written, so that a run
    holds what `combine(buffer, reduce)` gives. Runs are not combined with each other.

    No records give no records.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     list(external_sort([("b", 1), ("c", 2), ("a", 3), ("b", 4)], Path(folder), memory=2))
    [('a', 3), ('b', 1), ('b', 4), ('c', 2)]
    """
    rest, runs = iter(records), []
    for record in rest:
        buffer = chain([record], islice(rest, memory - 1))
        ordered = combine(buffer, reduce) if reduce else sorted(buffer, key=itemgetter(0))
        runs.append(write_run(folder / f"run-{len(runs):05}", ordered))
    return merge(runs)
