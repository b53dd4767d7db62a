"""solutions.partitions: the sizes of partitions and of results."""

from collections.abc import Iterator
from itertools import pairwise

import dask.dataframe as dd
import pandas as pd
import pytest
from dask import config
from dask.base import compute

from infra import partition
from solutions.partitions import repartition_to, split_out_agg


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    with config.set(scheduler="sync"):
        yield


def rows(name: str, many: int) -> pd.DataFrame:
    """Rows of a generated table."""
    return partition(name, 0, rows=many, partitions=1, seed=8).to_pandas()


def pieces(frame: pd.DataFrame, *edges: int) -> dd.DataFrame:
    """A Dask DataFrame that is cut at these rows."""
    ends = [0, *edges, len(frame)]
    parts = [dd.from_pandas(frame[a:b], npartitions=1, sort=False) for a, b in pairwise(ends)]
    return dd.concat(parts)


def parts_of(plan: dd.DataFrame) -> tuple[pd.DataFrame, ...]:
    return compute(*plan.partitions)


@pytest.mark.parametrize("mb", [0.03, 0.1, 5])
def test_repartition_to_splits_and_merges(mb: float):
    trips = rows("trips", 5_000)
    uneven = pieces(trips, 3_000, 3_000, *range(3_100, 5_000, 100))
    parts = parts_of(repartition_to(uneven, mb))
    sizes = [part.memory_usage(deep=True).sum() for part in parts]
    assert max(sizes) <= 1.1e6 * mb
    needed = -(-trips.memory_usage(deep=True).sum() // int(1e6 * mb))
    assert len(parts) <= 2 * needed + 1
    assert [n for part in parts for n in part["trip_id"]] == list(trips["trip_id"])


@pytest.mark.parametrize("many", [5, 9])
def test_split_out_agg_counts_in_small_partitions(many: int):
    clicks = rows("clicks", 12_000)
    users = len(clicks["user"].unique())
    limit = -(-users // many)
    parts = parts_of(split_out_agg(pieces(clicks, 4_000, 8_000), users, limit))
    assert max(map(len, parts)) <= limit
    expected = clicks.groupby("user").agg(clicks=("click_id", "count"), ms=("ms", "sum"))
    found = pd.concat(parts).sort_index()
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
