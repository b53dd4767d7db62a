"""The visible tests of lab 05: small tables that one can check by eye, and what a plan reads."""

from datetime import datetime

import pandas as pd

from autograder.testing import hint, points
from plans import LAZY, ask, joined, what_it_loads
from tables import cut, refunds_of, size, table

TIMES = ["01-30 08:00", "01-30 09:30", "01-30 23:59", "01-31 00:00", "03-30 12:00", "03-30 12:01"]
TRIPS = pd.DataFrame(
    {
        "trip_id": range(6),
        "pickup": pd.to_datetime([f"2026-{time}" for time in TIMES]),
        "zone": ["Z000", "Z001", "Z000", "Z001", "Z000", "Z001"],
        "payment": ["cash", "card", "cash", "card", "app", "cash"],
        "fare_cents": [600, 900, 1200, 700, 500, 800],
    }
)


@points(1)
def test_revenue_is_what_the_trips_of_the_time_earned(student, rng):
    """Fares and tips are added up for the trips from `start` on and before `end`."""
    trips, seed = table("trips", rng, rows=8_000, partitions=4)
    first, last = sorted(rng.choice(8_000, 2, replace=False))
    start, end = (trips["pickup"].iloc[row].to_pydatetime() for row in (first, last))
    found = student.run(what_it_loads, student.ref("revenue"), 8_000, 4, seed, start, end)
    assert found, hint(LAZY)
    inside = trips[(trips["pickup"] >= start) & (trips["pickup"] < end)]
    expected = int((inside["fare_cents"] + inside["tip_cents"]).sum())
    assert found["value"] == expected, hint(
        "The revenue is fares and tips. A trip picked up exactly at `start` counts, one picked up "
        "exactly at `end` does not."
    )


@points(2)
def test_revenue_loads_three_columns_at_most(student, rng):
    """The plan loads no column but `pickup`, `fare_cents` and `tip_cents`."""
    seed = int(rng.integers(2**31))
    week = datetime(2026, 1, 5), datetime(2026, 1, 12)
    found = student.run(what_it_loads, student.ref("revenue"), 8_000, 4, seed, *week)
    assert found, hint(LAZY)
    assert found["columns"] - {"pickup", "fare_cents", "tip_cents"} == set(), hint(
        "These columns are loaded too. Dask cannot see into a function that is given whole "
        "partitions: name the columns that you need when you read."
    )


@points(2)
def test_topk_takes_the_largest_of_the_whole_table(student, rng):
    """The k largest of all partitions together, the largest first, with all their columns."""
    trips, _ = table("trips", rng, rows=3_000, partitions=2)
    k = int(rng.integers(5, 20))
    parts = ask(student, "topk", cut(trips, 6), "distance_m", k)
    assert set(parts[0]) == set(trips), hint("Every column of the trips is kept.")
    values = [value for part in parts for value in part["distance_m"]]
    assert values == list(trips["distance_m"].nlargest(k)), hint(
        "Each partition has its own largest. They are candidates: the k largest of the table are "
        "among them, and have still to be chosen."
    )
    assert len(parts) == 1, hint("The result has one partition.")


@points(2)
def test_daily_counts_and_averages_each_day(student):
    """Six trips of three days in three partitions: a row a day, none for the days between."""
    days = pd.concat(ask(student, "daily", cut(TRIPS, 3)))
    assert str(days.index.dtype).startswith("datetime64"), hint(
        "The index holds midnights as datetime64: neither dates as Python objects nor numbers."
    )
    assert (days.index.name, list(days)) == ("day", ["trips", "mean_fare"]), hint(
        "The index is called `day`; the columns are `trips` and `mean_fare`, in this order."
    )
    rows = zip(days.index, days["trips"], days["mean_fare"], strict=True)
    assert [(f"{day:%m-%d}", trips, fare) for day, trips, fare in rows] == [
        ("01-30", 3, 900.0),
        ("01-31", 1, 700.0),
        ("03-30", 2, 650.0),
    ], hint(
        "The first day lies in two partitions: its trips are counted once for all of them, and the "
        "mean is over its trips. The two months between have no trips, and so no rows."
    )


@points(2)
def test_dummies_pivot_makes_a_column_of_every_kind(student):
    """Six trips in three partitions; a kind that only one partition has gets its column."""
    dummies, pivot = (pd.concat(parts) for parts in ask(student, "dummies_pivot", cut(TRIPS, 3)))
    expected = pd.get_dummies(TRIPS[["payment"]])
    assert [(name, list(dummies[name].astype(bool))) for name in dummies] == [
        (name, list(expected[name])) for name in expected
    ], hint(
        "Compare with `pd.get_dummies(trips[['payment']])`: a boolean column `payment_KIND` for "
        "every kind that occurs anywhere, in alphabetical order."
    )
    means = {name: {str(zone): str(mean) for zone, mean in pivot[name].items()} for name in pivot}
    assert means == {
        "app": {"Z000": "500.0", "Z001": "nan"},
        "card": {"Z000": "nan", "Z001": "800.0"},
        "cash": {"Z000": "900.0", "Z001": "800.0"},
    }, hint("The pivot holds mean fares, each over all partitions, and NaN where there is no trip.")


@points(2)
def test_repartition_to_keeps_rows_and_order(student, rng):
    """The same rows in the same order, in partitions that are small enough."""
    trips, _ = table("trips", rng, rows=5_000, partitions=2)
    large = int(rng.integers(2_000, 3_000))
    pieces = [trips[:large], trips[large : large + 700], *cut(trips[large + 700 :], 12)]
    parts = ask(student, "repartition_to", pieces, 0.04, hold=True)
    assert [number for part in parts for number in part["trip_id"]] == list(trips["trip_id"]), hint(
        "No row may be lost or change its place: a new partition holds neighbours."
    )
    assert max(map(size, parts)) <= 44_000, hint(
        "A partition is larger than `mb` megabytes (of 1,000,000 bytes in memory, as "
        "`memory_usage(deep=True)` counts them)."
    )


@points(2)
def test_split_out_agg_keeps_partitions_small(student, rng):
    """No partition of the result has more than `limit` users, and every user is in it once."""
    clicks, _ = table("clicks", rng, rows=12_000, partitions=4)
    users = clicks["user"].nunique()
    parts = ask(student, "split_out_agg", cut(clicks, 4), users, users // 5)
    assert len(parts) > 1, hint(
        "All users came out in a single partition. Ask the aggregation for more, and look at "
        "`npartitions`: not every option goes with every other."
    )
    assert max(len(part) for part in parts) <= users // 5, hint(
        "A partition has more than `limit` users. A hash spreads them, but not evenly: the largest "
        "partition is larger than the average."
    )
    found = sorted(user for part in parts for user in part.index)
    assert found == sorted(clicks["user"].unique()), hint(
        "Each user is in the result once, as its index: all their clicks must meet somewhere."
    )


@points(1)
def test_join_on_index_finds_the_refunded_trips(student, rng):
    """The trips that both tables have, in the order of their numbers."""
    trips, seed = table("trips", rng, rows=6_000, partitions=4)
    refunds = refunds_of(trips, rng)
    where = refunds, 6_000, 4, seed, 3
    joint = student.run(joined, student.ref("join_on_index"), *where, "fetched", False)
    assert joint, hint(LAZY)
    found = joint["frame"]
    expected = trips.merge(refunds, on="trip_id").set_index("trip_id")
    assert found.index.name == "trip_id", hint("`trip_id` is the index of the result.")
    assert list(found) == list(expected), hint(
        "The columns are those of the trips, then those of the refunds, without `trip_id`."
    )
    assert list(found["refund_cents"].items()) == list(expected["refund_cents"].items()), hint(
        "The result has the trips that occur in both tables, and no other, in ascending order."
    )


@points(2)
def test_join_on_index_shuffles_nothing(student, dask_cluster, rng):
    """Not one task of a shuffle runs while the join is computed."""
    trips, seed = table("trips", rng, rows=6_000, partitions=4)
    where = refunds_of(trips, rng), 6_000, 4, seed, 3
    with dask_cluster.watch() as facts:
        found = student.run(joined, student.ref("join_on_index"), *where, "run", False)
    assert found, hint(LAZY)
    ran = facts.by_prefix.items()
    assert {name: n for name, n in ran if "shuffle" in name or "hash" in name} == {}, hint(
        "These tasks deal the rows out anew. Two tables in one order can be joined neighbour to "
        "neighbour, if Dask knows where each partition begins and ends: see `known_divisions`."
    )
