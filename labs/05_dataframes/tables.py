"""Tables in memory, drawn by a seed."""

from itertools import pairwise
from typing import Any

import pandas as pd

import infra


def table(name, rng, rows, partitions) -> tuple[Any, int]:
    """A generated table as pandas has it, and the seed that makes it again."""
    seed = int(rng.integers(2**31))
    size = {"rows": rows, "partitions": partitions, "seed": seed}
    parts = [infra.partition(name, index, **size).to_pandas() for index in range(partitions)]
    return pd.concat(parts, ignore_index=True), seed


def cut(frame, pieces):
    """The frame in so many pieces of the same size."""
    edges = [len(frame) * edge // pieces for edge in range(pieces + 1)]
    return [frame.iloc[a:b] for a, b in pairwise(edges)]


def size(frame):
    """Bytes in memory."""
    return int(frame.memory_usage(deep=True).sum())


def refunds_of(trips, rng):
    """Refunds for about two trips in three, and for trips that are not in the table."""
    ids = list(trips.loc[rng.random(len(trips)) < 0.65, "trip_id"])
    ids += [len(trips) + 5 * extra for extra in range(40)]
    return pd.DataFrame({"trip_id": ids, "refund_cents": rng.integers(50, 900, len(ids))})
