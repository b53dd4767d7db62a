"""The hidden tests of lab 05: random tables, and what the plans read, move and hold."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

import infra
from autograder.testing import hint, points

LAZY = "Return a plan, not what comes out of it: the function itself does not compute."
MOVED = (
    "Too many bytes move between the workers. What a partition adds to the result is small: let it "
    "be computed where the partition is, and move that."
)


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


def through(function, pieces, args, hold):
    """Give the pieces to the function as one Dask DataFrame; compute each plan that it returns.

    Hold: run a plan before it is asked for its partitions. Up to Python 3.11, Dask hangs in that
    question if it repartitions by size.
    """
    import dask.dataframe as dd
    from dask.base import compute

    try:
        frame = dd.concat([dd.from_pandas(piece, npartitions=1, sort=False) for piece in pieces])
        plans = function(frame, *args)
    except NotImplementedError as error:
        if not error.args:
            raise
        return {"refused": str(error)}
    plans = plans if isinstance(plans, tuple) else (plans,)
    if not all(isinstance(plan, dd.DataFrame) for plan in plans):
        return {"refused": "", "lazy": False}
    held = [plan.persist() if hold else plan for plan in plans]
    parts = [compute(*each.partitions) for each in held]
    named = [[part.rename(columns=str) for part in each] for each in parts]
    return {"refused": "", "lazy": True, "parts": named}


def ask(student, task, pieces, *args, hold=False):
    """The partitions of what the student's function plans; of each plan, if there are several."""
    found = student.run(through, student.ref(task), pieces, args, hold)
    assert not found["refused"], hint(f"Dask refuses, and says why: {found['refused']}")
    assert found["lazy"], hint(LAZY)
    return found["parts"] if len(found["parts"]) > 1 else found["parts"][0]


def size(frame):
    """Bytes in memory."""
    return int(frame.memory_usage(deep=True).sum())


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


def what_it_loads(revenue, rows, partitions, seed, start, end):
    """Run the plan on one thread, and count the rows that come out of tasks without inputs."""
    from pathlib import Path

    from dask import local
    from dask._task_spec import convert_legacy_graph
    from dask.callbacks import Callback

    import infra

    infra.make("trips", f"data/check-{seed}", rows=rows, partitions=partitions, seed=seed)
    total = revenue(str(Path(f"data/check-{seed}").resolve()), start, end)
    if not hasattr(total, "optimize"):
        return None
    plan = total.optimize(fuse=False)
    graph = convert_legacy_graph(dict(plan.__dask_graph__()))
    lengths = []

    def note(key, result, *_):
        if not graph[key].dependencies and hasattr(result, "shape"):
            lengths.append(len(result))

    with Callback(posttask=note):
        value = local.get_sync(graph, plan.__dask_keys__()[0])
    return {"value": int(str(value)), "rows": sum(lengths)}


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


def only_planned(function, pieces, *args):
    """Give the pieces to the function as one Dask DataFrame, and compute nothing."""
    import dask.dataframe as dd

    frame = dd.concat([dd.from_pandas(piece, npartitions=1, sort=False) for piece in pieces])
    plans = function(frame, *args)
    plans = plans if isinstance(plans, tuple) else (plans,)
    return all(isinstance(plan, dd.DataFrame) for plan in plans)


def uneven(frame, rng):
    """The frame in pieces of which some are large, some small, and one empty."""
    edges = [0, *sorted(rng.choice(len(frame) // 3, 4, replace=False) + len(frame) // 3)]
    edges += [edges[-1], *range(edges[-1] + 80, len(frame), 80), len(frame)]
    return [frame.iloc[a:b] for a, b in pairwise(edges)]


@points(2)
def test_repartition_to_splits_the_large(student, rng):
    """However uneven the partitions are, none of the result is too large, and no row is lost."""
    trips, _ = table("trips", rng, rows=3_600, partitions=3)
    mb = int(rng.integers(30, 60)) / 1000
    parts = ask(student, "repartition_to", uneven(trips, rng), mb, hold=True)
    assert [number for part in parts for number in part["trip_id"]] == list(trips["trip_id"]), hint(
        "No row may be lost or change its place: a new partition holds neighbours."
    )
    assert max(map(size, parts)) <= 1.1e6 * mb, hint(
        "The average may be small enough, and the largest partition not: each has its own size, in "
        "memory and not on disk."
    )


@points(2)
def test_repartition_to_merges_the_small(student, rng):
    """The result has few partitions: at most twice as many as are needed, and one."""
    trips, _ = table("trips", rng, rows=3_600, partitions=3)
    mb = int(rng.integers(30, 60)) / 1000
    parts = ask(student, "repartition_to", uneven(trips, rng), mb, hold=True)
    needed = -(-size(trips) // int(1e6 * mb))
    assert len(parts) <= 2 * needed + 1, hint(
        "Each partition costs a task in every step of the plan: small neighbours are merged."
    )


@points(1)
def test_repartition_to_leaves_rows_where_they_are(student, dask_cluster, rng):
    """While the plan is built, less than a tenth of the table moves."""
    trips, _ = table("trips", rng, rows=32_000, partitions=1)
    with dask_cluster.watch() as facts:
        lazy = student.run(only_planned, student.ref("repartition_to"), cut(trips, 8), 0.5)
    assert lazy, hint(LAZY)
    assert facts.bytes_moved < size(trips) / 10, hint(
        "The rows were fetched to be dealt out again. Their sizes are enough to make the plan."
    )


@points(2)
def test_split_out_agg_counts_every_click(student, rng):
    """Clicks and milliseconds of each user are right."""
    clicks, _ = table("clicks", rng, rows=9_000, partitions=3)
    users = clicks["user"].nunique()
    found = pd.concat(ask(student, "split_out_agg", cut(clicks, 5), users, users // 3))
    assert list(found) == ["clicks", "ms"], hint("The columns are `clicks` and `ms`.")
    expected = clicks.groupby("user")["ms"].agg(["count", "sum"])
    assert dict(found["clicks"].items()) == dict(expected["count"].items()), hint(
        "A user's clicks lie in several partitions: their counts are added up."
    )
    assert dict(found["ms"].items()) == dict(expected["sum"].items()), hint(
        "A user's milliseconds are the sum over all of their clicks."
    )


def largest_on_the_way(split_out_agg, pieces, users, limit):
    """The partitions' lengths, and the most users that any task returns in one frame."""
    import dask.dataframe as dd
    from dask import config, local
    from dask._task_spec import convert_legacy_graph
    from dask.callbacks import Callback

    with config.set({"dataframe.shuffle.method": "tasks"}):
        clicks = dd.concat([dd.from_pandas(piece, npartitions=1, sort=False) for piece in pieces])
        result = split_out_agg(clicks, users, limit)
        if not isinstance(result, dd.DataFrame):
            return None
        plan = result.optimize(fuse=False)
        graph = convert_legacy_graph(dict(plan.__dask_graph__()))
    seen = []

    def note(_, part, *__):
        if hasattr(part, "columns"):
            seen.append(part.get("user", part.index).nunique())

    with Callback(posttask=note):
        parts = local.get_sync(graph, plan.__dask_keys__())
    return {"parts": [len(part) for part in parts], "on the way": max(seen)}


@points(2)
def test_split_out_agg_never_holds_all_users(student, rng):
    """No task on the way returns more users than an input partition has, or than the limit."""
    clicks, _ = table("clicks", rng, rows=16_000, partitions=4)
    users, pieces = clicks["user"].nunique(), cut(clicks, 8)
    limit = -(-users // int(rng.integers(6, 10)))
    found = student.run(largest_on_the_way, student.ref("split_out_agg"), pieces, users, limit)
    assert found, hint(LAZY)
    assert max(found["parts"]) <= limit, hint(
        "A partition has more than `limit` users: leave room for the unevenness of a hash."
    )
    most = max(piece["user"].nunique() for piece in pieces)
    assert found["on the way"] <= max(most, limit), hint(
        "A task on the way holds far more users than a partition of the result may: to cut the "
        "result up afterwards is too late. The aggregation itself can have several outputs."
    )


@points(1)
def test_split_out_agg_computes_nothing_yet(student, dask_cluster, rng):
    """While the plan is built, no task runs."""
    clicks, _ = table("clicks", rng, rows=6_000, partitions=2)
    with dask_cluster.watch() as facts:
        lazy = student.run(only_planned, student.ref("split_out_agg"), cut(clicks, 4), 3_000, 1_000)
    assert lazy, hint(LAZY)
    assert facts.tasks == 0, hint(
        "Tasks ran before anybody asked for the result. How many users there are is given."
    )


def joined(join_on_index, refunds, rows, partitions, seed, pieces, until):
    """Join trips and refunds in different files: only "planned", "run" there, or "fetched"."""
    from pathlib import Path

    import dask.dataframe as dd
    from distributed import wait

    import infra

    here = Path(f"data/check-{seed}").resolve()
    infra.make("trips", str(here), rows=rows, partitions=partitions, seed=seed)
    other = here.with_name(f"refunds-{seed}")
    other.mkdir(exist_ok=True)
    size = -(-len(refunds) // pieces)
    for piece in range(pieces):
        part = refunds.iloc[piece * size : (piece + 1) * size]
        part.to_parquet(other / f"part-{piece:05}.parquet", index=False)
    result = join_on_index(str(here), str(other))
    if not isinstance(result, dd.DataFrame):
        return None
    if until == "run":
        wait(result.persist())
    frame = result.compute() if until == "fetched" else None
    return {"frame": frame, "divisions": [str(edge) for edge in result.divisions]}


def refunds_of(trips, rng):
    """Refunds for about two trips in three, and for trips that are not in the table."""
    ids = list(trips.loc[rng.random(len(trips)) < 0.65, "trip_id"])
    ids += [len(trips) + 5 * extra for extra in range(40)]
    return pd.DataFrame({"trip_id": ids, "refund_cents": rng.integers(50, 900, len(ids))})


@points(2)
def test_join_on_index_knows_its_divisions(student, rng):
    """The join is right, and its plan says which numbers each partition holds."""
    trips, seed = table("trips", rng, rows=9_000, partitions=7)
    refunds = refunds_of(trips, rng)
    where = refunds, 9_000, 7, seed, int(rng.integers(3, 6))
    found = student.run(joined, student.ref("join_on_index"), *where, "fetched")
    assert found, hint(LAZY)
    expected = trips.merge(refunds, on="trip_id").set_index("trip_id")
    for name in ("refund_cents", "fare_cents"):
        assert list(found["frame"][name].items()) == list(expected[name].items()), hint(
            "Each trip comes with its own refund, in the order of the numbers, and none is lost."
        )
    assert "None" not in found["divisions"], hint(
        "The divisions of the result are unknown, so the next join will have to shuffle."
    )


@points(1)
def test_join_on_index_plans_without_a_pass(student, dask_cluster, rng):
    """While the plan is built, no task runs."""
    trips, seed = table("trips", rng, rows=3_000, partitions=3)
    where = refunds_of(trips, rng), 3_000, 3, seed, 2
    with dask_cluster.watch() as facts:
        found = student.run(joined, student.ref("join_on_index"), *where, "planned")
    assert found, hint(LAZY)
    assert facts.tasks == 0, hint(
        "Tasks ran while the plan was built. Where the keys of a file begin and end stands in the "
        "file: nobody has to read the rows to find it out."
    )


@points(3)
def test_join_on_index_moves_the_edges_only(student, dask_cluster, rng):
    """As many partitions as the trips have, or more; less than 55 % of the bytes move."""
    trips, seed = table("trips", rng, rows=30_000, partitions=8)
    refunds = refunds_of(trips, rng)
    where = refunds, 30_000, 8, seed, 5
    with dask_cluster.watch() as facts:
        found = student.run(joined, student.ref("join_on_index"), *where, "run")
    assert found, hint(LAZY)
    assert len(found["divisions"]) > 8, hint(
        "Fewer partitions than files: whole tables come together on one worker."
    )
    assert facts.bytes_moved < 0.55 * (size(trips) + size(refunds)), hint(
        "Whole partitions travel. Where the order is known, only what lies beyond a neighbour's "
        "edge has to."
    )
