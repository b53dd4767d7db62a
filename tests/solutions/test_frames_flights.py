"""The reference of unit 05 on data that nobody generated: 200,000 flights of one day.

An hour of the flights' day stands for a day, a distance in miles for a fare.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from dask import config

from solutions.frames import daily, dummies_pivot, revenue, topk
from solutions.partitions import repartition_to, split_out_agg

FLIGHTS = Path(__file__).parents[2] / "../shared/data/flights-200k.arrow"
START = datetime(2001, 1, 1)
pytestmark = pytest.mark.skipif(not FLIGHTS.exists(), reason="the flights are not here")


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    with config.set(scheduler="sync"):
        yield


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """The flights with the columns of trips."""
    with pa.memory_map(str(FLIGHTS)) as source:
        flights = pa.ipc.open_file(source).read_all().to_pandas()
    names = np.array(["early", "late", "very late"])
    return pd.DataFrame(
        {
            "trip_id": range(len(flights)),
            "pickup": START + pd.to_timedelta((flights["time"] * 86_400).round(), unit="s"),
            "zone": "M" + (flights["distance"] // 500).astype("str"),
            "payment": names[np.searchsorted([1, 60], flights["delay"], side="right")],
            "fare_cents": flights["distance"].astype("int64"),
            "tip_cents": flights["delay"].clip(lower=0).astype("int64"),
        }
    )


@pytest.fixture(scope="module")
def path(table: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The flights in eight files of several row groups."""
    folder = tmp_path_factory.mktemp("flights")
    for number, rows in enumerate(np.array_split(np.arange(len(table)), 8)):
        part = table.iloc[rows]
        part.to_parquet(folder / f"part-{number}.parquet", index=False, row_group_size=5_000)
    return str(folder)


@pytest.fixture
def trips(path: str) -> dd.DataFrame:
    return dd.read_parquet(path)


def test_revenue(path: str, table: pd.DataFrame):
    start, end = datetime(2001, 1, 9, 5), datetime(2001, 1, 13)
    inside = table[(table["pickup"] >= start) & (table["pickup"] < end)]
    expected = (inside["fare_cents"] + inside["tip_cents"]).sum()
    assert revenue(path, start, end).compute() == expected


def test_topk(trips: dd.DataFrame, table: pd.DataFrame):
    found = topk(trips, "tip_cents", 25).compute()
    assert list(found["tip_cents"]) == sorted(table["tip_cents"], reverse=True)[:25]


def test_daily(trips: dd.DataFrame, table: pd.DataFrame):
    groups = table.groupby(table["pickup"].dt.floor("D"))["fare_cents"]
    found = daily(trips).compute()
    assert dict(found["trips"].items()) == dict(groups.count().items())
    assert list(found["mean_fare"]) == pytest.approx(list(groups.agg("mean")))


def test_dummies_pivot(trips: dd.DataFrame, table: pd.DataFrame):
    dummies, pivot = dummies_pivot(trips)
    expected = pd.get_dummies(table[["payment"]])
    assert dummies.sum().compute().to_dict() == expected.sum().to_dict()
    wide = table.pivot_table(index="zone", columns="payment", values="fare_cents", aggfunc="mean")
    np.testing.assert_allclose(pivot.compute().sort_index(), wide)


def test_repartition_to(trips: dd.DataFrame, table: pd.DataFrame):
    late = repartition_to(trips[trips["payment"] == "very late"], 0.2).persist()
    sizes = late.memory_usage_per_partition(deep=True).compute()
    assert sizes.max() <= 220_000
    assert len(late) == (table["payment"] == "very late").sum()


def test_split_out_agg(trips: dd.DataFrame, table: pd.DataFrame):
    """Distances and minutes of delay take the place of users and their milliseconds."""
    names = {"trip_id": "click_id", "pickup": "user", "tip_cents": "ms"}
    clicks = trips.rename(columns=names)[list(names.values())]
    users = len(table["pickup"].unique())
    plan = split_out_agg(clicks, users, limit=500).persist()
    assert max(plan.map_partitions(len).compute()) <= 500
    expected = table.groupby("pickup")["tip_cents"].agg(["count", "sum"])
    found = plan.compute().sort_index()
    assert list(found["clicks"]) == list(expected["count"])
    assert list(found["ms"]) == list(expected["sum"])
