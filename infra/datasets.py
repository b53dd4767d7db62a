"""Generated tables: the same rows on every machine, at any size, at any fsspec URL."""

import operator
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from os import PathLike

import pyarrow as pa

from infra.content import content_hash
from infra.formats import decoded, encode
from infra.parts import MANIFEST, Manifest, Part, Place, locate
from infra.tables import TABLES

EDITION = 1
MOST = 20_000_000  # rows a partition: a partition is made in memory, about 150 bytes a row


def partition(table: str, index: int, *, rows: int, partitions: int, seed: int = 0) -> pa.Table:
    """Partition ``index`` (from 0) of a table of ``rows`` rows in ``partitions`` partitions.

    Its rows are those that ``make`` writes into part ``index``. Raises ValueError for an unknown
    table, a negative number of rows, fewer than one partition, or an index outside of them.

    >>> partition("trips", 1, rows=10, partitions=4)["trip_id"].to_pylist()
    [2, 3, 4]
    """
    order = _order(table, rows, partitions, seed, "parquet")
    if index not in range(partitions):
        raise ValueError(f"{table}: no partition {index!r}. There are {partitions}; count from 0.")
    return decoded(_generate(order, index))


def make(
    table: str,
    url: str | PathLike[str],
    *,
    rows: int,
    partitions: int,
    seed: int = 0,
    format: str = "parquet",
) -> str:
    """Write a table to the folder ``url``, a file a partition, and return the URL.

    ``table``: "trips", "clicks" or "text". ``format``: "parquet", or "csv" for trips and clicks, or
    "txt" for text. A dataset that is there already is left as it is; one that ``make`` wrote with
    other arguments is replaced. Parts are made in parallel, one a core.

    Raises ValueError for arguments that make no dataset, FileExistsError if the folder holds files
    that are not ours, and OSError if it cannot be written.
    """
    place, order = locate(os.fspath(url)), _order(table, rows, partitions, seed, format)
    try:
        if not _is_there(place, order):
            _write(place, order)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError) as error:
        raise OSError(
            f"{place.url}: cannot write there ({error}). Choose a folder that you may write to."
        ) from error
    return place.url


def _order(table: str, rows: int, partitions: int, seed: int, format: str) -> Manifest:
    """What is asked for, checked."""
    if table not in TABLES:
        raise ValueError(f"unknown table {table!r}. There are {', '.join(TABLES)}.")
    if format not in TABLES[table].FORMATS:
        formats = " or ".join(TABLES[table].FORMATS)
        raise ValueError(f"{table}: unknown format {format!r}. It is written as {formats}.")
    rows, partitions = _whole("rows", rows, 0), _whole("partitions", partitions, 1)
    if rows > MOST * partitions:
        raise ValueError(
            f"{rows} rows in {partitions} partitions are more than {MOST} in one, which is made in "
            f"memory. Ask for at least {-(-rows // MOST)} partitions."
        )
    return Manifest(table, rows, partitions, _whole("seed", seed, 0), format, EDITION)


def _whole(name: str, value: int, least: int) -> int:
    """The value as a Python integer, from ``least`` to what 64 bits hold."""
    try:
        if least <= (number := operator.index(value)) < 2**64:
            return number
    except TypeError:
        pass
    raise ValueError(f"{name} is {value!r}. Give a whole number from {least} on, below 2**64.")


def _is_there(place: Place, order: Manifest) -> bool:
    """Whether the dataset is complete. Raises FileExistsError if something else is in its place."""
    found, sizes = place.manifest(), place.sizes()
    if found is None and (sizes or place.fs.isfile(place.root)):
        what = f"holds {min(sizes)} but no sound {MANIFEST}" if sizes else "is a file"
        raise FileExistsError(
            f"{place.url}: {what}, so it was not made by outgrow and is left alone. "
            "Choose another folder, or empty this one."
        )
    whole = found is not None and found.parts and replace(found, parts=()) == order
    return bool(whole and found and all(sizes.get(p.file) == p.bytes for p in found.parts))


def _write(place: Place, order: Manifest) -> None:
    place.fs.makedirs(place.root, exist_ok=True)
    found = place.manifest()
    place.sign(order)
    if found is not None and replace(found, parts=()) != order:
        place.clear()
    parts = _in_parallel(place, order)
    place.sign(replace(order, parts=tuple(parts)))


def _in_parallel(place: Place, order: Manifest) -> Iterator[Part]:
    """Make the parts, as many at a time as there are cores (and memory: see MOST)."""
    at_once = min(os.cpu_count() or 1, 8)
    with ThreadPoolExecutor(at_once) as pool:
        jobs = (pool.submit(_part, place, order, index) for index in range(order.partitions))
        waiting = list(islice(jobs, at_once))
        while waiting:
            yield waiting.pop(0).result()
            waiting.extend(islice(jobs, 1))


def _part(place: Place, order: Manifest, index: int) -> Part:
    rows = _generate(order, index)
    data, name = encode(rows, order.format), f"part-{index:05}.{order.format}"
    place.put(name, data)
    return Part(name, rows.num_rows, data.size, content_hash(rows))


def _generate(order: Manifest, index: int) -> pa.Table:
    first, end = (order.rows * edge // order.partitions for edge in (index, index + 1))
    return TABLES[order.table].generate(order.seed, index, first, end - first)
