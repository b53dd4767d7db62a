"""A specimen: one value of each kind that the wire carries.

A process that has decoded and packed it, and holds all time zones, has loaded whatever another
message could need; it may then be forbidden to open files.
"""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
import pyarrow as pa

from autograder import wire

MOMENT = dt.datetime(2026, 1, 2, 3, 4, 5)
ZONES: list[ZoneInfo] = []  # held here: Python forgets zones that nobody holds


def load() -> None:
    """Have everything loaded that washing a message takes."""
    ZONES.extend(map(ZoneInfo, available_timezones()))
    wire.pack(wire.unpack(wire.pack([plain(), arrays(), columns()])))


def plain() -> list[Any]:
    stamps = [MOMENT, MOMENT.replace(tzinfo=dt.UTC), MOMENT.date(), dt.timedelta(1)]
    return [{1: (2, {3}, frozenset({4}))}, 2**80, 0.5, float("nan"), b"x", "x", None, *stamps]


def arrays() -> list[Any]:
    values = ([1], [0.5], [1 + 2j], [True], ["x"])
    return [*map(np.array, values), np.array([MOMENT], "M8[us]"), np.array([1], "m8[D]")]


def columns() -> list[Any]:
    table = pa.table({name: pa.array([value, None], kind) for name, (value, kind) in CELLS.items()})
    frame = table.drop_columns(["map"]).to_pandas(use_threads=False)
    levels = pd.MultiIndex.from_arrays([[1, 2], ["a", "b"]])
    series = [pd.Series([1, None], dtype="Int64"), pd.Series(["a", None], dtype=object)]
    return [table, frame, frame.set_index(levels), frame["zone"], *series, pd.RangeIndex(3), levels]


CELLS: dict[str, tuple[Any, pa.DataType]] = {
    "integer": (1, pa.int64()),
    "number": (0.5, pa.float64()),
    "truth": (True, pa.bool_()),
    "text": ("a", pa.string()),
    "bytes": (b"a", pa.binary()),
    "nothing": (None, pa.null()),
    "decimal": (Decimal("1.5"), pa.decimal128(5, 2)),
    "date": (MOMENT.date(), pa.date32()),
    "time": (MOMENT.time(), pa.time64("us")),
    "moment": (MOMENT, pa.timestamp("us")),
    "zone": (MOMENT, pa.timestamp("us", "Europe/Berlin")),
    "offset": (MOMENT, pa.timestamp("us", "+02:00")),
    "duration": (dt.timedelta(1), pa.duration("us")),
    "list": ([1], pa.list_(pa.int64())),
    "record": ({"a": 1}, pa.struct({"a": pa.int64()})),
    "map": ([("k", 1)], pa.map_(pa.string(), pa.int64())),
    "category": ("a", pa.dictionary(pa.int32(), pa.string())),
}
