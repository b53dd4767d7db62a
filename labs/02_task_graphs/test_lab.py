"""The visible tests of lab 02's graphs: what an answer must be, never one particular answer."""

import pytest

from autograder.testing import hint, points
from orders import check_cycle, check_order, check_path
from probes import counted
from random_graphs import random_dag

MORNING = {
    "plot": ["count", "map"],
    "count": ["clean"],
    "map": ["clean"],
    "clean": ["load"],
    "load": [],
}
TOO_EARLY = (
    "In each pair here the first task stands before the second, whose result it needs. "
    "A task may only run when all of its dependencies have run."
)
NO_CYCLE = (
    "In each pair here the first task does not depend on the second. In a cycle each task "
    "depends on the next one, and the last one on the first; tasks that merely lead into it "
    "are no part of it."
)
BROKEN = (
    "In each pair here the first task follows the second in your path and does not depend on "
    "it. List the path in the order in which its tasks run."
)
TOO_SHORT = "That is a path, and there is one that takes longer. Durations count, not steps."


def refusal(function, *arguments):
    """Probe: whether a call ends with ValueError."""
    try:
        function(*arguments)
    except ValueError:
        return "ValueError"
    return "nothing"


# --- toposort


@points(1)
def test_toposort_orders_the_morning_report(student):
    """Loading comes before cleaning, cleaning before counting, and so on."""
    check_order(student.toposort(MORNING), MORNING, TOO_EARLY)


@points(1)
def test_toposort_puts_every_task_after_its_dependencies(student, rng):
    """Every task comes after all of its dependencies, in a graph of 150 tasks."""
    graph = random_dag(rng, 150, 150)
    check_order(student.toposort(graph), graph, TOO_EARLY)


@pytest.mark.parametrize(
    "graph",
    [
        {"a": ["b"], "b": ["a"]},
        {"a": [], "b": ["a", "b"]},
        {"a": [], "b": ["d"], "c": ["b"], "d": ["c"]},
    ],
    ids=["two", "itself", "three"],
)
@points(1)
def test_toposort_refuses_a_cycle(student, graph):
    """A graph with a cycle has no order: it raises ValueError."""
    kind = student.run(refusal, student.ref("toposort"), graph)
    assert kind == "ValueError", hint(
        "Tasks in a cycle never become ready. Do not pass over that in silence: compare how many "
        "tasks you placed with how many there are."
    )


# --- find_cycle


@points(1)
def test_find_cycle_returns_the_tasks_of_the_cycle(student):
    """It returns exactly the tasks of the cycle, in order, and none that lead into it."""
    graph = {
        "mail": ["plot"],
        "plot": ["fit"],
        "fit": ["weigh"],
        "weigh": ["tune"],
        "tune": ["fit"],
    }
    check_cycle(student.find_cycle(graph), graph, NO_CYCLE)


@points(1)
def test_find_cycle_sees_a_task_that_waits_for_itself(student):
    """A task that depends on itself is a cycle of one."""
    graph = {"load": [], "total": ["load", "total"]}
    check_cycle(student.find_cycle(graph), graph, NO_CYCLE)


@points(1)
def test_find_cycle_is_none_where_there_is_no_cycle(student):
    """A chain, two separate tasks, and an empty graph have no cycle."""
    for graph in ({"a": ["b"], "b": ["c"], "c": []}, {"a": [], "b": []}, {}):
        assert student.find_cycle(graph) is None, hint(
            "No task here waits for itself: return None."
        )


# --- ancestors


@points(1)
def test_ancestors_of_the_map(student):
    """The map needs the cleaned data, and so the loaded data."""
    assert student.ancestors(MORNING, "map") == {"clean", "load"}, hint(
        "Dependencies have dependencies. The task itself is not among its ancestors."
    )


@points(1)
def test_ancestors_of_a_task_that_needs_nothing(student):
    """A task without dependencies has no ancestors: an empty set."""
    assert student.ancestors(MORNING, "load") == set(), hint(
        "`load` needs nothing. Look against the arrows: who needs `load` is another question."
    )


@points(1)
def test_ancestors_are_closed(student, rng):
    """Whatever an ancestor needs is an ancestor too."""
    graph = random_dag(rng, 80, 80)
    key = max(graph, key=lambda task: len(graph[task]))
    found = student.ancestors(graph, key)
    left_out = {d for task in {key, *found} for d in graph[task]} - set(found)
    assert left_out == set(), hint(
        "These are needed by the task or by an ancestor: go on from there."
    )


# --- critical_path


@points(1)
def test_critical_path_counts_durations(student):
    """One slow task outweighs several quick ones."""
    graph = {
        "load": [],
        "a": ["load"],
        "b": ["a"],
        "c": ["b"],
        "fit": ["load"],
        "mail": ["c", "fit"],
    }
    cost = {"load": 2, "a": 1, "b": 1, "c": 1, "fit": 9, "mail": 1}
    check_path(student.critical_path(graph, cost), graph, cost, 12, BROKEN, TOO_SHORT)


@points(1)
def test_critical_path_may_end_anywhere(student):
    """The longest chain need not end at the last task of the dict, nor where most tasks meet."""
    graph = {"train": ["load"], "load": [], "count": [], "plot": ["count"]}
    cost = {"load": 5, "train": 30, "count": 2, "plot": 2}
    check_path(student.critical_path(graph, cost), graph, cost, 35, BROKEN, TOO_SHORT)


@points(2)
def test_critical_path_scales(student, rng):
    """A ladder of 40 layers, with a million million paths, costs few look-ups."""
    graph, layers = {"t": []}, 40
    before = ["t"]
    for layer in range(layers):
        now = [f"left {layer}", f"right {layer}"]
        graph.update({task: list(before) for task in now})
        before = now
    cost = {task: int(rng.integers(1, 50)) for task in graph}
    size = len(graph) + sum(map(len, graph.values()))
    path, count = student.run(counted, student.ref("critical_path"), graph, cost, 40 * size)
    assert count <= 40 * size, hint(
        f"The graph has {size} tasks and edges, and your function had looked up names {40 * size} "
        "times when it was stopped. Does it work something out again each time a path comes by?"
    )
    layer_costs = [max(cost[f"left {i}"], cost[f"right {i}"]) for i in range(layers)]
    check_path(path, graph, cost, cost["t"] + sum(layer_costs), BROKEN, TOO_SHORT)
