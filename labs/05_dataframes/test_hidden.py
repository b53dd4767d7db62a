"""The hidden tests of lab 05: random tables, and what the plans read and move."""

from datetime import timedelta

import pandas as pd
import pyarrow.parquet as pq

import infra
from autograder.testing import hint, points
from plans import LAZY, ask, only_planned, what_it_loads
from tables import cut, size, table

MOVED = (
    "Too many bytes move between the workers. What a partition adds to the result is small: let it "
    "be computed where the partition is, and move that."
)


def some_time(trips, rng):
    """A random time of one to nine days that begins within the trips."""
    start = trips["pickup"].iloc[int(rng.integers(len(trips) // 2))].to_pydatetime()
    return start, start + timedelta(minutes=int(rng.integers(24 * 60, 9 * 24 * 60)))


def rows_to_read(folder, start, end):
    """How many rows are in row groups whose statistics allow a pickup between the two times."""
    total = 0
    for path in folder.glob("*.parquet"):
        meta = pq.ParquetFile(path).metadata
        place = meta.schema.names.index("pickup")
        for group in map(meta.row_group, range(meta.num_row_groups)):
            known = group.column(place).statistics
            total += group.num_rows * (known.min < end and known.max >= start)
    return total


@points(3)
def test_revenue_loads_the_row_groups_it_needs(student, rng, tmp_path):
    """The revenue of a random time is right, and no row group is loaded without need."""
    trips, seed = table("trips", rng, rows=12_000, partitions=6)
    start, end = some_time(trips, rng)
    found = student.run(what_it_loads, student.ref("revenue"), 12_000, 6, seed, start, end)
    assert found, hint(LAZY)
    inside = trips[(trips["pickup"] >= start) & (trips["pickup"] < end)]
    expected = int((inside["fare_cents"] + inside["tip_cents"]).sum())
    assert found["value"] == expected, hint("Fares and tips, `start` included, `end` not.")
    infra.make("trips", tmp_path, rows=12_000, partitions=6, seed=seed)
    assert found["rows"] <= rows_to_read(tmp_path, start, end), hint(
        "Rows outside of the time were loaded, and dropped afterwards. The reader itself can leave "
        "them where they are: it knows the smallest and the largest pickup of each row group."
    )


@points(2)
def test_topk_wherever_the_largest_are(student, rng):
    """The k largest are right if one partition has them all, and if there are fewer than k."""
    trips, _ = table("trips", rng, rows=900, partitions=1)
    k = int(rng.integers(20, 60))
    for column, many in (("trip_id", k), ("distance_m", 1_000)):
        top = pd.concat(ask(student, "topk", cut(trips, 8), column, many))
        assert list(top[column]) == list(trips[column].nlargest(many)), hint(
            "All of the k largest may lie in one partition: each has to offer k of its own."
        )
        expected = trips.set_index("trip_id").loc[list(top["trip_id"]), "pickup"]
        assert list(top["pickup"]) == list(expected), hint("A row of the result is a whole trip.")


@points(2)
def test_topk_moves_candidates_only(student, dask_cluster, rng):
    """Between the workers moves less than a tenth of the table."""
    trips, _ = table("trips", rng, rows=32_000, partitions=1)
    k = int(rng.integers(3, 10))
    with dask_cluster.watch() as facts:
        ask(student, "topk", cut(trips, 8), "fare_cents", k)
    assert facts.bytes_moved < size(trips) / 10, hint(MOVED)


@points(2)
def test_daily_of_many_weeks(student, rng):
    """Counts and means are right over partitions and months, and on days without trips."""
    trips, _ = table("trips", rng, rows=9_000, partitions=7)
    date = trips["pickup"].dt.floor("D")
    kept = ~date.isin(rng.choice(date.unique(), 4, replace=False))
    days = pd.concat(ask(student, "daily", cut(trips[kept], 9)))
    expected = trips[kept].groupby(date[kept])["fare_cents"].agg(["count", "mean"])
    assert dict(days["trips"].items()) == dict(expected["count"].items()), hint(
        "A day is a day of one month of one year, and a day without trips has no row."
    )
    assert dict(days["mean_fare"].round(6)) == dict(expected["mean"].round(6)), hint(
        "A day's mean is its sum over its count. The mean of the means of parts is another number."
    )


@points(2)
def test_daily_with_many_partitions(student, dask_cluster, rng):
    """The days come in ascending order, and less than a tenth of the table moves."""
    trips, _ = table("trips", rng, rows=24_000, partitions=6)
    with dask_cluster.watch() as facts:
        days = pd.concat(ask(student, "daily", cut(trips, 20)))
    assert list(days.index) == sorted(trips["pickup"].dt.floor("D").unique()), hint(
        "pandas sorts the groups. Dask promises it only where it is told to: from some number of "
        "partitions on, it hashes the groups into several."
    )
    assert facts.bytes_moved < size(trips) / 10, hint(MOVED)


def paid(rng, rows):
    """Trips with kinds of payment that nobody knows, one of them in the last row only."""
    trips, _ = table("trips", rng, rows=rows, partitions=1)
    kinds = [f"kind{number}" for number in rng.choice(1_000, 5, replace=False)]
    known = dict(zip(["card", "cash", "app", "voucher"], kinds, strict=False))
    trips["payment"] = trips["payment"].map(known).astype("str")
    trips.loc[rows - 1, "payment"] = kinds[4]
    return trips


@points(2)
def test_dummies_pivot_with_other_kinds(student, rng):
    """Both tables equal those of pandas, whatever the kinds are called, and however rare."""
    trips = paid(rng, rows=6_000)
    dummies, pivot = (pd.concat(parts) for parts in ask(student, "dummies_pivot", cut(trips, 5)))
    expected = pd.get_dummies(trips[["payment"]])
    assert list(dummies) == list(expected), hint(
        "The kinds are those that occur in the data: neither those of the notebook nor those of "
        "one partition."
    )
    for name in expected:
        assert list(dummies[name].astype(bool)) == list(expected[name]), hint(
            "A trip's row has one true value: in the column of its own kind."
        )
    expected = trips.pivot_table("fare_cents", "zone", "payment").round(6)
    assert list(pivot) == list(expected), hint("The pivot has a column for each kind, in order.")
    for name in expected:
        means = {str(zone): str(mean) for zone, mean in pivot[name].round(6).items()}
        assert means == {zone: str(mean) for zone, mean in expected[name].items()}, hint(
            "A mean is over all trips of a zone and a kind, in whichever partitions they lie."
        )


@points(2)
def test_dummies_pivot_leaves_the_trips_where_they_are(student, dask_cluster, rng):
    """While both plans are built, less than a twentieth of the table moves."""
    trips = paid(rng, rows=32_000)
    with dask_cluster.watch() as facts:
        lazy = student.run(only_planned, student.ref("dummies_pivot"), cut(trips, 8))
    assert lazy, hint(LAZY)
    assert facts.bytes_moved < size(trips) / 20, hint(
        "To know the kinds of payment, the distinct values of one column are enough."
    )
