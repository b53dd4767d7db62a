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
DAYS = 7  # a partition covers this many days
SECONDS = DAYS * 24 * 3600
ZONES = [f"Z{number:03}" for number in range(260)]
PAYMENTS = ["card", "cash", "app", "voucher"]

Bits = NDArray[np.uint64]


def draw(seed: int, table: int, partition: int, words: int) -> Bits:
    """Random 64-bit words: a stream of its own for each seed, table and partition."""
    return np.random.Philox(key=[seed, table], counter=partition << 128).random_raw(words)


def shares(weights: Sequence[int], bits: int, dtype: type = np.int16) -> NDArray[np.integer]:
    """A table of ``2**bits`` places in which item i holds its share of ``weights``."""
    total, size = sum(weights), 1 << bits
    ends = [sum(weights[: item + 1]) * size // total for item in range(len(weights))]
    return np.repeat(np.arange(len(weights), dtype=dtype), np.diff([0, *ends]))


def quantile(bits: NDArray[np.uint32], knots: Sequence[int]) -> NDArray[np.int64]:
    """Read 32-bit draws as ranks on a curve through ``knots``, straight between them.

    ``knots`` has 2**k + 1 values, evenly spaced in probability.
    """
    shift = 32 - (len(knots) - 1).bit_length() + 1
    curve = np.array(knots, dtype=np.int64)
    place, rest = bits >> shift, (bits & ((1 << shift) - 1)).astype(np.int64)
    return curve[place] + ((np.diff(curve)[place] * rest) >> shift)


def _hours() -> list[int]:
    """Trips an hour, for the 168 hours of a week that starts on a Thursday, as START does."""
    workday = [
        2,
        1,
        1,
        1,
        2,
        4,
        9,
        16,
        18,
        13,
        10,
        10,
        11,
        11,
        11,
        12,
        15,
        19,
        20,
        16,
        12,
        10,
        8,
        4,
    ]
    weekend = [10, 9, 7, 5, 3, 2, 2, 3, 5, 7, 9, 11, 12, 12, 12, 12, 12, 13, 14, 14, 13, 13, 13, 12]
    busy = [11, 13, 14, 10, 9, 9, 10]  # Thursday, Friday, Saturday, …
    days = [weekend if day in (2, 3) else workday for day in range(7)]
    return [busy[day] * hour for day in range(7) for hour in days[day]]


HOUR = shares(_hours(), 16)
ZONE = np.array([(101 * rank + 37) % len(ZONES) for rank in range(len(ZONES))], dtype=np.int16)[
    shares([10**9 // (rank + 2) for rank in range(len(ZONES))], 16)
]


def moments(slots: NDArray[np.uint16], fine: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Seconds since the partition began, ascending, in the week's rhythm."""
    seconds = HOUR[slots].astype(np.int32) * 3600 + ((fine.astype(np.int32) * 3600) >> 16)
    return np.repeat(np.arange(SECONDS), np.bincount(seconds, minlength=SECONDS))
