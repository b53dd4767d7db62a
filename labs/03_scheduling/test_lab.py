"""The visible tests of lab 03's running graphs: getting, stealing, recovering."""

import pytest

from autograder.testing import hint, points
from probes import outcome, recorded
from queues import gain, most_gain, random_queues
from task_graphs import MORNING

# --- get


def computed(get, kind):
    """Probe: what a collection gives on this scheduler, as plain data."""
    if kind == "array":
        import dask.array as da

        x = da.arange(16).reshape(4, 4).rechunk((2, 2))
        return (x + x.T).sum(axis=0).compute(scheduler=get).tolist()
    if kind == "bag":
        import dask.bag as db

        words = db.from_sequence(["to", "be", "or", "not", "to", "be"], npartitions=3)
        return dict(words.frequencies().compute(scheduler=get))
    if kind == "dataframe":
        import dask.dataframe as dd
        import pandas as pd

        frame = pd.DataFrame({"k": list("abcab"), "v": range(5)})
        lazy = dd.from_pandas(frame, npartitions=2)
        return {k: int(v) for k, v in lazy.groupby("k").v.sum().compute(scheduler=get).items()}
    from dask.delayed import delayed

    return delayed(sum)([delayed(abs)(-2), delayed(abs)(5)]).compute(scheduler=get)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("array", [30, 50, 70, 90]),
        ("bag", {"to": 2, "be": 2, "or": 1, "not": 1}),
        ("dataframe", {"a": 3, "b": 5, "c": 2}),
        ("delayed", 7),
    ],
)
@points(1)
def test_get_runs_dask(student, kind, expected):
    """An array, a bag, a data frame and delayed calls give what they should."""
    assert student.run(computed, student.ref("get"), kind) == expected, hint(
        "Call each task with a dict of exactly the results it depends on: `task({key: result, …})`."
    )


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["c", "a"], [3, 1]),
        ([["c"], ["a", ["b"]]], [[3], [1, [2]]]),
        ("b", 2),
        ([["c"], "c"], [[3], 3]),
    ],
    ids=["list", "nested", "one key", "twice"],
)
@points(1)
def test_get_answers_in_the_shape_of_the_keys(student, keys, expected):
    """Keys in lists in lists give results in lists in lists; one key gives one result."""
    dsk = {"a": [1], "b": ["a", "a"], "c": ["a", "b"]}
    answer, _ = student.run(outcome, student.ref("get"), dsk, keys)
    assert answer == expected, hint(
        "The answer has the shape of `keys`: put each key's result where the key stands, as deep "
        "as it stands."
    )


@points(2)
def test_get_runs_each_task_once(student):
    """A result that two tasks need is computed once, and what nobody needs never."""
    graph = MORNING | {"report": ["count", "map"], "weather": []}
    ran, _ = student.run(recorded, student.ref("get"), graph, [["report"]])
    assert "weather" not in ran, hint("Nobody asked for `weather`: only run what the keys need.")
    assert ran == dict.fromkeys([*MORNING, "report"], 1), hint(
        "Some task ran more than once, or never. Keep the result of a task for all who need it."
    )


@points(2)
def test_get_drops_results_in_time(student):
    """Along a chain of 50 tasks, two results are held at once."""
    graph = {f"t{i}": [f"t{i - 1}"] if i else [] for i in range(50)}
    _, most = student.run(recorded, student.ref("get"), graph, ["t49"])
    assert most <= 2, hint(
        "A result that nobody will read again still takes memory. Count for each result who still "
        "needs it, and `del` it at 0."
    )


# --- steal


@points(1)
def test_steal_takes_what_waits_longest(student):
    """The last task of a long queue gains most if all inputs are equally far."""
    queues, cost = {1: ["a", "b", "c"], 2: ["d"]}, dict.fromkeys("abcd", 20)
    choice = student.steal(queues, {1: 10, 2: 5}, cost, dict.fromkeys("abcd", 10))
    assert choice == (1, "c"), hint(
        "The task that would run next gains least: it would start soon anyway."
    )


@points(1)
def test_steal_leaves_what_starts_sooner_at_home(student):
    """If fetching takes longer than waiting, nothing is stolen."""
    queues, cost = {1: ["a", "b"]}, {"a": 20, "b": 20}
    assert student.steal(queues, {1: 10}, cost, {"a": 10, "b": 90}) is None, hint(
        "Stealing has a price: the inputs have to travel. Return None if no task would start "
        "earlier."
    )


@points(2)
def test_steal_gains_as_much_as_possible(student, rng):
    """In queues drawn at random, no other task gains more."""
    for _ in range(5):
        drawn = random_queues(rng, 60)
        choice = student.steal(*drawn)
        assert (gain(choice, *drawn) if choice else 0) == max(most_gain(*drawn), 0), hint(
            "These are the milliseconds by which the stolen task starts earlier, yours and the "
            "most possible. When would a task start where it waits? After all that waits before it."
        )


# --- recover


@points(1)
def test_recover_is_not_a_restart(student):
    """What has a copy elsewhere, and what nobody needs any more, does not run again."""
    holders = {"clean": ["a", "b"], "count": ["b"], "map": ["a"]}
    assert student.recover(MORNING, holders, "b", ["count", "map"]) == {"count"}, hint(
        "Only `count` is lost for good, and its input still has a copy. Nothing else has to run."
    )


@points(1)
def test_recover_goes_back_as_far_as_it_must(student):
    """A released result runs again if a lost one needs it."""
    holders = {"clean": ["b"], "count": ["a"], "map": ["b"]}
    assert student.recover(MORNING, holders, "b", ["count", "map"]) == {"map", "clean", "load"}, (
        hint(
            "`map` needs `clean`, which is lost too, and that needs `load`, which was released "
            "long ago."
        )
    )


@points(2)
def test_recover_computes_nothing_for_nobody(student):
    """A lost result that has been used already is not missed."""
    holders = {"load": ["b"], "clean": ["b"], "count": ["a"], "map": ["a"]}
    assert student.recover(MORNING, holders, "b", ["count", "map"]) == set(), hint(
        "`load` and `clean` are lost, but everything that was made of them is there. Who would "
        "read them?"
    )
