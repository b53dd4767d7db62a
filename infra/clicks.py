"""Clicks: who looked at which page of the town's taxi app, when, and how long it took.

Users are Zipf-like: each doubling of the rank has as many clicks as the one before, so the busiest
user has one click in sixteen.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from infra.world import ZONE, ZONES, draw, moment, quantile, seconds, shares

KEY = 2
FORMATS = ("parquet", "csv")
SCHEMA = pa.schema(
    {
        "click_id": pa.int64(),
        "user": pa.int32(),
        "at": pa.timestamp("us"),
        "zone": pa.string(),
        "page": pa.string(),
        "ms": pa.int32(),
    }
)
PAGES = ["home", "search", "quote", "book", "track", "pay", "receipt", "profile", "help"]
PAGE = shares([10**6 // (rank + 1) for rank in range(len(PAGES))], 8, np.int8)
MS = (4, 9, 13, 17, 21, 26, 32, 40, 50, 63, 82, 110, 160, 260, 520, 1400, 30000)


def generate(seed: int, partition: int, first: int, rows: int) -> pa.Table:
    """One partition: ``rows`` clicks with ids from ``first``, strings dictionary-encoded."""
    bits = draw(seed, KEY, partition, 2 * rows)
    when, what = bits[:rows].view("<u2").reshape(-1, 4), bits[rows:].view("<u2").reshape(-1, 4)
    after = seconds(when[:, 0], when[:, 1]) * 1000
    after += (when[:, 2].astype(np.int32) * 1000) >> 16
    after.sort()
    return pa.table(
        {
            "click_id": np.arange(first, first + rows),
            "user": _users(what[:, 0] >> 12, what[:, 1]),
            "at": moment(partition, after, "ms"),
            "zone": pa.DictionaryArray.from_arrays(ZONE[when[:, 3]], ZONES),
            "page": pa.DictionaryArray.from_arrays(PAGE[what[:, 0] & 255], PAGES),
            "ms": quantile(bits[rows:].view("<u4").reshape(-1, 2)[:, 1], MS).astype(np.int32),
        }
    )


def _users(octave: NDArray[np.integer], rest: NDArray[np.integer]) -> NDArray[np.int32]:
    """Ranks 1 to 65535, an octave each as likely, and then the number of the user at the rank."""
    rank = (1 << octave.astype(np.int64)) | (rest >> (16 - octave))
    return (rank * 40503 & 65535).astype(np.int32)
