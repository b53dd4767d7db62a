"""The hidden tests of lab 03's running graphs: getting, stealing, recovering."""

import pytest

from autograder.testing import hint, points
from probes import outcome, recorded
from queues import gain, most_gain, random_queues
from solutions import graph as graphs
from solutions.recovery import recover
from task_graphs import random_dag, random_pairs, shuffled, words

# --- get


def collections(get, numbers, chunk):
    """Probe: five numbers, each by another kind of Dask collection; the last two share a graph."""
    import dask.array as da
    import dask.bag as db
    import dask.dataframe as dd
    import pandas as pd
    from dask.base import compute
    from dask.delayed import delayed

    x = da.asarray(numbers).rechunk(chunk)
    bag = db.from_sequence(numbers, partition_size=chunk)
    frame = dd.from_pandas(pd.DataFrame({"v": numbers}), chunksize=chunk)
    total = delayed(sum)([delayed(abs)(number) for number in numbers])
    first = [
        (x * x[::-1]).sum().compute(scheduler=get),
        bag.filter(lambda n: n % 2).map(lambda n: 3 * n).sum().compute(scheduler=get),
        frame.set_index("v").index.max().compute(scheduler=get),
    ]
    return [int(each) for each in (*first, *compute(total, delayed(abs)(total), scheduler=get))]


@points(2)
def test_get_runs_collections_of_every_kind(student, rng):
    """Arrays, bags, data frames and delayed calls give what Python gives."""
    numbers = [int(n) for n in rng.integers(0, 100, int(rng.integers(20, 40)))]
    answers = student.run(collections, student.ref("get"), numbers, int(rng.integers(3, 7)))
    expected = [
        sum(a * b for a, b in zip(numbers, numbers[::-1], strict=True)),
        sum(3 * n for n in numbers if n % 2),
        max(numbers),
        sum(numbers),
        sum(numbers),
    ]
    assert answers == expected, hint(
        "Give each task the results of `task.dependencies`, under their own keys, and nothing else."
    )


@points(2)
def test_get_answers_any_nest_of_keys(student, rng):
    """Lists in lists, keys that are tuples, keys asked for twice."""
    names = [(name, place) for place, name in enumerate(words(rng, 12))]
    dsk = {name: [names[i] for i in range(place)] or [1] for place, name in enumerate(names)}
    value = {name: 2 ** max(0, place - 1) for place, name in enumerate(names)}
    a, b, c = (names[i] for i in rng.permutation(12)[:3])
    for keys in (a, [a], [[a, [b]], [[[c]], a], []]):
        answer, error = student.run(outcome, student.ref("get"), dsk, keys)
        assert error == "nothing", hint("A tuple is one key. Only a list is a list of keys.")

        def shape(part):
            return [shape(each) for each in part] if isinstance(part, list) else value[part]

        assert answer == shape(keys), hint(
            "Go down into lists, and put each key's result exactly where the key stands."
        )


@points(2)
def test_get_runs_what_is_needed_exactly_once(student, rng):
    """Each task that the keys need runs once, and no other task at all."""
    graph = shuffled(rng, random_dag(rng, 50, 6))
    keys = [str(key) for key in rng.choice(sorted(graph), 4, replace=False)]
    needed = set(keys).union(*(graphs.ancestors(graph, key) for key in keys))
    ran, _ = student.run(recorded, student.ref("get"), graph, [keys[:2], [keys[2:]]])
    assert set(ran) == needed, hint("Run what the keys need, directly or not, and nothing else.")
    assert set(ran.values()) == {1}, hint("A task ran twice. Keep a result until nobody needs it.")


@points(2)
def test_get_holds_few_results_of_a_tree(student, rng):
    """Adding up numbers two by two takes about as many results at once as the tree has levels."""
    graph, levels = random_pairs(rng, int(rng.integers(100, 128)))
    last = next(task for task, used in graphs.dependents(graph).items() if not used)
    _, most = student.run(recorded, student.ref("get"), graph, [last])
    assert most <= levels + 3, hint(
        "Finish one branch before you begin the next, and drop each result when its last reader "
        "has run."
    )


@points(1)
def test_get_survives_a_long_chain(student, rng):
    """Thousands of tasks in one chain are no problem."""
    length = int(rng.integers(3000, 4000))
    names = words(rng, length)
    dsk = {name: [names[place - 1]] if place else [7] for place, name in enumerate(names)}
    answer, error = student.run(outcome, student.ref("get"), shuffled(rng, dsk), [names[-1]])
    assert error == "nothing", hint("Python ends a recursion after about 1,000 calls: use a loop.")
    assert answer == [7], hint("The last task of the chain has another result.")


# --- steal


@pytest.mark.parametrize("far", [10, 200, 2000])
@points(2)
def test_steal_gains_most_wherever_the_data_are(student, rng, far):
    """Near or far inputs: no other theft would make a task start that much earlier."""
    for _ in range(10):
        drawn = random_queues(rng, far)
        best = most_gain(*drawn)
        choice = student.steal(*drawn)
        assert (gain(choice, *drawn) if choice else 0) == max(best, 0), hint(
            "Another task would have gained more, or this one gains nothing. A task gains the time "
            "until it would start where it waits, less the time to fetch its inputs."
        )
        assert choice is None or best > 0, hint("If there is nothing to gain, return None.")


@points(1)
def test_steal_finds_nothing_in_empty_queues(student, rng):
    """Busy workers without waiting tasks: there is nothing to take."""
    busy = {worker: int(rng.integers(50, 90)) for worker in range(1, 5)}
    assert student.steal({worker: [] for worker in busy}, busy, {}, {}) is None, hint(
        "A task that already runs cannot be stolen."
    )


# --- recover


def draw_loss(rng, tasks, reach):
    """A graph in the middle of its work: some results are released, some held, some not made."""
    graph = random_dag(rng, tasks, reach)
    done = int(tasks * 0.7)
    holders = {}
    for task in list(graph)[:done]:
        many = int(rng.integers(0, 3))
        if many:
            holders[task] = [f"w{i}" for i in rng.choice(4, many, replace=False)]
    last = [task for task, used in graphs.dependents(graph).items() if not used]
    return graph, shuffled(rng, holders), f"w{rng.integers(4)}", last


@pytest.mark.parametrize("reach", [2, 8, 60])
@points(2)
def test_recover_runs_exactly_what_is_needed(student, rng, reach):
    """Nothing too little and nothing too much, in graphs in the middle of their work."""
    graph, holders, lost, wanted = draw_loss(rng, 60, reach)
    again = student.recover(shuffled(rng, graph), holders, lost, wanted)
    least = recover(graph, holders, lost, wanted)
    assert least - set(again) == set(), hint(
        "Something is missing: a lost result may need others that are gone as well."
    )
    assert set(again) - least == set(), hint(
        "Something runs for nobody. Stop where a copy is left, and do not go where nobody asks."
    )
    assert isinstance(again, set), hint("Return a set of tasks.")


@points(1)
def test_recover_forgets_what_is_not_wanted(student, rng):
    """Whatever only leads to results that nobody asked for stays lost."""
    graph, holders, lost, wanted = draw_loss(rng, 60, 6)
    some = wanted[: max(1, len(wanted) // 3)]
    assert student.recover(graph, holders, lost, some) == recover(graph, holders, lost, some), hint(
        "Begin with what is wanted, not with what is lost."
    )


@points(1)
def test_recover_after_nothing_was_lost(student, rng):
    """If the lost worker held nothing alone, only what has not run yet has to run."""
    graph = random_dag(rng, 40, 5)
    holders = {task: ["w0", "w1"] for task in graph}
    assert student.recover(graph, holders, "w1", list(graph)) == set(), hint(
        "Every result has a second copy."
    )


def depth(function, length):
    """Probe: how many tasks of a long chain run again, or None if it recurses too deep."""
    graph = {f"t{i}": [f"t{i - 1}"] if i else [] for i in range(length)}
    try:
        return len(function(graph, {f"t{length - 1}": ["a"]}, "a", [f"t{length - 1}"]))
    except RecursionError:
        return None


@points(1)
def test_recover_along_a_long_chain(student, rng):
    """The end of a long chain is lost, and everything before it was released."""
    length = int(rng.integers(4000, 5000))
    again = student.run(depth, student.ref("recover"), length)
    assert again is not None, hint("Python ends a recursion after about 1,000 calls: use a loop.")
    assert again == length, hint("Nothing of the chain is left, so all of it has to run.")
