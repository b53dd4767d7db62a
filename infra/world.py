"""The town that all generated tables describe: its zones, its payments, its calendar.

Everything here is integers, and every draw is a table look-up on raw Philox bits. That is what
makes the data the same on every machine: floating point logarithms and powers differ between
processors, and the distributions of numpy's Generator between versions.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

START = datetime(2026, 1, 1)
SECONDS = 7 * 24 * 3600  # a partition covers one week
ZONES = [f"Z{number:03}" for number in range(260)]
PAYMENTS = ["card", "cash", "app", "voucher"]


def draw(seed: int, table: int, partition: int, words: int) -> NDArray[np.uint64]:
    """Random 64-bit words, little-endian: one stream for each seed, table and partition."""
    key = np.array([seed, table], dtype=np.uint64)
    stream = np.random.Philox(key=key, counter=partition << 128)
    return stream.random_raw(words).astype("<u8", copy=False)


def shares(weights: Sequence[int], bits: int, dtype: type = np.int16) -> NDArray:
    """A table of ``2**bits`` places in which item i holds its share of ``weights``.

    >>> shares([3, 1], bits=3).tolist()
    [0, 0, 0, 0, 0, 0, 1, 1]
    """
    total, size = sum(weights), 1 << bits
    ends = [sum(weights[: item + 1]) * size // total for item in range(len(weights))]
    return np.repeat(np.arange(len(weights), dtype=dtype), np.diff([0, *ends]))


def quantile(bits: NDArray[np.uint32], knots: Sequence[int]) -> NDArray[np.int64]:
    """Read 32-bit draws as ranks on a curve through ``knots``, straight between them.

    ``knots`` are 2**k + 1 values, evenly spaced in probability.

    >>> quantile(np.array([0, 1 << 31, 3 << 30], dtype=np.uint32), [0, 10, 30]).tolist()
    [0, 10, 20]
    """
    shift = 33 - (len(knots) - 1).bit_length()
    curve = np.array(knots, dtype=np.int64)
    place, rest = bits >> shift, (bits & ((1 << shift) - 1)).astype(np.int64)
    return curve[place] + ((np.diff(curve)[place] * rest) >> shift)


def _week() -> list[int]:
    """Events an hour, for the 168 hours of a week that starts on a Thursday, as START does."""
    workday = [2, 1, 1, 1, 2, 4, 9, 16, 18, 13, 10, 10]
    workday += [11, 11, 11, 12, 15, 19, 20, 16, 12, 10, 8, 4]
    weekend = [10, 9, 7, 5, 3, 2, 2, 3, 5, 7, 9, 11]
    weekend += [12, 12, 12, 12, 12, 13, 14, 14, 13, 13, 13, 12]
    days = [workday, workday, weekend, weekend, workday, workday, workday]
    busy = [11, 13, 14, 10, 9, 9, 10]  # Thursday, Friday, Saturday, …
    return [weight * hour for weight, day in zip(busy, days, strict=True) for hour in day]


HOUR = shares(_week(), 16)
_RANKS = [10**9 // (rank + 2) for rank in range(len(ZONES))]
ZONE = ((101 * shares(_RANKS, 16, np.int64) + 37) % len(ZONES)).astype(np.int16)


def seconds(hour: NDArray[np.uint16], fine: NDArray[np.uint16]) -> NDArray[np.int32]:
    """Seconds since the partition began, in the week's rhythm, unsorted."""
    return HOUR[hour].astype(np.int32) * 3600 + ((fine.astype(np.int32) * 3600) >> 16)


def moment(partition: int, after: NDArray[np.integer], unit: str) -> NDArray[np.datetime64]:
    """The time ``after`` (in ``unit``) the partition's week began, in microseconds."""
    start = np.datetime64(START, "us") + np.timedelta64(partition * SECONDS, "s")
    return start + after * np.timedelta64(1, unit).astype("timedelta64[us]")
