"""The hidden tests of lab 05's partitions: how many there are, what they hold, where they meet."""

from itertools import pairwise

import pandas as pd

from autograder.testing import hint, points
from plans import LAZY, ask, joined, only_planned
from tables import cut, refunds_of, size, table


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


@points(2)
def test_join_on_index_knows_its_divisions(student, rng):
    """The join is right, and its plan says which numbers each partition holds."""
    trips, seed = table("trips", rng, rows=9_000, partitions=7)
    refunds = refunds_of(trips, rng)
    where = refunds, 9_000, 7, seed, int(rng.integers(3, 6))
    found = student.run(joined, student.ref("join_on_index"), *where, "fetched", True)
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
        found = student.run(joined, student.ref("join_on_index"), *where, "planned", True)
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
        found = student.run(joined, student.ref("join_on_index"), *where, "run", True)
    assert found, hint(LAZY)
    assert len(found["divisions"]) > 8, hint(
        "Fewer partitions than files: whole tables come together on one worker."
    )
    assert facts.bytes_moved < 0.55 * (size(trips) + size(refunds)), hint(
        "Whole partitions travel. Where the order is known, only what lies beyond a neighbour's "
        "edge has to."
    )
