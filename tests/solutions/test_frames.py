"""solutions.frames against pandas on the same trips, and what its plans read."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from dask import config

from infra import make
from solutions.frames import daily, dummies_pivot, revenue, topk
from solutions.plans import loaded

WEEK = datetime(2026, 1, 5), datetime(2026, 1, 12)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    with config.set(scheduler="sync"):
        yield


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three weeks of trips, a file and eight row groups a week."""
    return make("trips", str(tmp_path_factory.mktemp("trips")), rows=6_000, partitions=3, seed=5)


@pytest.fixture
def table(path: str) -> pd.DataFrame:
    """The same trips in pandas."""
    return pd.concat([pd.read_parquet(file) for file in sorted(Path(path).glob("*.parquet"))])


@pytest.fixture
def trips(path: str) -> dd.DataFrame:
    """The trips in 24 partitions, so that every day lies in several of them or beside others."""
    return dd.read_parquet(path, split_row_groups=True)  # pyright: ignore[reportArgumentType]


def test_revenue_is_that_of_pandas_and_loads_a_part_only(path: str, table: pd.DataFrame):
    inside = table[(table["pickup"] >= WEEK[0]) & (table["pickup"] < WEEK[1])]
    plan = revenue(path, *WEEK)
    assert plan.compute() == (inside["fare_cents"] + inside["tip_cents"]).sum()
    found = loaded(plan)
    assert len(inside) <= found.rows < len(table) / 2
    assert set(found.columns) <= {"pickup", "fare_cents", "tip_cents"}


def test_revenue_takes_the_start_and_leaves_the_end(path: str, table: pd.DataFrame):
    moment = table["pickup"].iloc[1_000].to_pydatetime()
    at_once = table[table["pickup"] == moment]
    later = table[table["pickup"] > moment]["pickup"].min().to_pydatetime()
    expected = (at_once["fare_cents"] + at_once["tip_cents"]).sum()
    assert revenue(path, moment, later).compute() == expected


def test_revenue_is_0_where_nobody_drove(path: str):
    assert revenue(path, datetime(2030, 1, 1), datetime(2031, 1, 1)).compute() == 0


@pytest.mark.parametrize("k", [1, 7, 10_000])
def test_topk_has_the_largest_of_all_partitions(trips: dd.DataFrame, table: pd.DataFrame, k: int):
    top = topk(trips, "distance_m", k)
    assert top.npartitions == 1
    found = top.compute()
    assert list(found["distance_m"]) == sorted(table["distance_m"], reverse=True)[:k]
    assert list(found) == list(table)


def test_daily_is_that_of_pandas_in_order(trips: dd.DataFrame, table: pd.DataFrame):
    days = table.groupby(table["pickup"].dt.floor("D").rename("day"))
    expected = days.agg(trips=("trip_id", "count"), mean_fare=("fare_cents", "mean"))
    pd.testing.assert_frame_equal(daily(trips).compute(), expected, check_index_type=False)


def test_daily_comes_in_order_from_many_partitions(table: pd.DataFrame):
    days = daily(dd.from_pandas(table, npartitions=20, sort=False)).compute()
    assert days.index.is_monotonic_increasing


def test_dummies_pivot_equals_pandas(trips: dd.DataFrame, table: pd.DataFrame):
    dummies, pivot = dummies_pivot(trips)
    expected = pd.get_dummies(table[["payment"]])
    assert list(dummies.columns) == list(expected)
    np.testing.assert_array_equal(dummies.compute().to_numpy(), expected.to_numpy(dtype=bool))
    wide = table.pivot_table(index="zone", columns="payment", values="fare_cents", aggfunc="mean")
    found = pivot.compute().sort_index()
    assert (list(found.index), list(found)) == (list(wide.index), list(wide))
    np.testing.assert_allclose(found, wide)


def test_dummies_pivot_has_a_kind_that_one_partition_has():
    few = pd.DataFrame({"zone": "Z0", "payment": ["cash", "cash", "app"], "fare_cents": [2, 4, 9]})
    dummies, pivot = dummies_pivot(dd.from_pandas(few, npartitions=3))
    assert list(dummies.columns) == ["payment_app", "payment_cash"]
    assert pivot.compute().loc["Z0"].to_dict() == {"app": 9, "cash": 3}
