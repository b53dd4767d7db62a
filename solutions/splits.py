"""Splits: the input cut into shares of about equal size, one for each map task.

A split is a range of a file's bytes, chosen without looking into the file. So its edges fall into
the middle of lines, and one rule repairs that: a line belongs to the split in which it begins.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import BinaryIO

BLOCK = 2**18  # bytes that are read at a time


@dataclass(frozen=True)
class Split:
    """The bytes of a file from `start` up to, and without, `end`."""

    path: Path
    start: int
    end: int


def splits(paths: Iterable[Path], size: int) -> list[Split]:
    """Cut files into splits of at most `size` bytes, in order. An empty file has none."""
    return [split for path in paths for split in _cut(path, path.stat().st_size, size)]


def _cut(path: Path, end: int, size: int) -> Iterator[Split]:
    for start in range(0, end, size):
        yield Split(path, start, min(start + size, end))


def lines(split: Split) -> Iterator[str]:
    """The lines that begin in the split, decoded from UTF-8, each with its newline.

    Bytes that are no UTF-8 become U+FFFD. Read in blocks, by the same rule: memory holds one block,
    or one line if that is longer.
    """
    with split.path.open("rb") as file:
        here = _next_line(file, split.start)
        while here < split.end:
            stop = _next_line(file, min(here + BLOCK, split.end))
            file.seek(here)
            text = file.read(stop - here).decode("utf-8", "replace")
            yield from StringIO(text, newline="\n")
            here = stop


def _next_line(file: BinaryIO, place: int) -> int:
    """Go to the first line that begins at `place` or later."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
    return file.tell()
