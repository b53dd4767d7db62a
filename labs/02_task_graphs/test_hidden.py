"""The hidden tests of lab 02's graphs: the same questions, asked of graphs that are drawn anew."""

import pytest

from autograder.testing import hint, points
from orders import check_cycle, check_order, check_path
from probes import counted, outcome, unchanged
from random_graphs import random_dag, shuffled, words
from solutions import graph as oracle

TOO_EARLY = (
    "A task stands before one of its dependencies. Two tasks may be equally far from the start "
    "and still depend on each other."
)
NO_CYCLE = (
    "In a cycle each task depends on the next one, and the last on the first. A task that "
    "leads into the cycle, or that waits for it, is no part of it."
)
BROKEN = "Each task of the path must be a dependency of the next: it lists them as they run."
TOO_SHORT = "There is a path that takes longer. Do durations decide, and may it end at any task?"


def ladder(rng, layers):
    """Two tasks a layer, each depending on both of the layer before: 2 ** layers paths."""
    names, graph = words(rng, 2 * layers), {}
    for place, name in enumerate(names):
        layer = place // 2 * 2
        graph[name] = names[layer - 2 : layer] if layer else []
    return shuffled(rng, graph)


def chain(rng, tasks):
    names = words(rng, tasks)
    return shuffled(rng, {name: names[i - 1 : i] if i else [] for i, name in enumerate(names)})


def size(graph):
    return len(graph) + sum(map(len, graph.values()))


# --- toposort


@pytest.mark.parametrize(("tasks", "reach"), [(0, 1), (1, 1), (120, 3), (120, 120)])
@points(2)
def test_toposort_orders_any_graph(student, rng, tasks, reach):
    """Every task once, after all of its dependencies, in graphs of every shape."""
    graph = random_dag(rng, tasks, reach)
    check_order(student.toposort(graph), graph, TOO_EARLY)


@points(1)
def test_toposort_refuses_a_cycle_among_many_tasks(student, rng):
    """One wrong edge in a large graph is enough for ValueError."""
    graph = random_dag(rng, 100, 5)
    first, *_, last = oracle.critical_path(graph, dict.fromkeys(graph, 1))
    graph[first] = [*graph[first], last]
    _, error = student.run(outcome, student.ref("toposort"), graph)
    assert error == "ValueError", hint("Tasks in a cycle never become ready: say so by ValueError.")


@points(1)
def test_toposort_refuses_an_unknown_dependency(student, rng):
    """A dependency that is no task of the graph is a KeyError."""
    graph = random_dag(rng, 20, 5)
    unlucky, stranger = str(rng.choice(sorted(graph))), "nobody"
    graph[unlucky] = [*graph[unlucky], stranger]
    _, error = student.run(outcome, student.ref("toposort"), graph)
    assert error == "KeyError", hint(
        "A task depends on a name that is no key of the graph. Neither invent it nor ignore it."
    )


@points(1)
def test_toposort_handles_a_long_chain(student, rng):
    """Thousands of tasks in one chain are no problem."""
    graph = chain(rng, int(rng.integers(4000, 5000)))
    order, error = student.run(outcome, student.ref("toposort"), graph)
    assert error == "nothing", hint("Python ends a recursion after about 1,000 calls: use a loop.")
    check_order(order, graph, TOO_EARLY)


@points(1)
def test_toposort_leaves_the_graph_alone(student, rng):
    """The graph is the same after the call as before."""
    graph = random_dag(rng, 30, 4)
    assert student.run(unchanged, student.ref("toposort"), graph), hint(
        "Your function takes the caller's graph apart. Keep your own notes beside it."
    )


# --- find_cycle


@points(2)
def test_find_cycle_returns_a_real_cycle(student, rng):
    """Whichever cycle it returns, each of its tasks depends on the next."""
    for reach in (2, 5, 60):
        graph = random_dag(rng, 60, reach)
        path = oracle.critical_path(graph, dict.fromkeys(graph, 1))
        cut = int(rng.integers(len(path) - 2))
        graph[path[cut]] = [*graph[path[cut]], path[-1]]
        check_cycle(student.find_cycle(shuffled(rng, graph)), graph, NO_CYCLE)


@points(2)
def test_find_cycle_accepts_diamonds(student, rng):
    """Two ways to the same task are no cycle."""
    for reach in (3, 10, 40):
        graph = random_dag(rng, 60, reach)
        assert student.find_cycle(graph) is None, hint(
            "Meeting a task for the second time is no cycle yet: it may be reached in two ways. "
            "It is a cycle only if the task is still on the way that you are walking."
        )


@points(1)
def test_find_cycle_looks_everywhere(student, rng):
    """A cycle is found although the rest of the graph has nothing to do with it."""
    graph = random_dag(rng, 30, 4)
    ring = [f"ring {number}" for number in range(int(rng.integers(3, 9)))]
    graph |= {task: [ring[i - 1]] for i, task in enumerate(ring)}
    check_cycle(student.find_cycle(graph), graph, NO_CYCLE)


@points(1)
def test_find_cycle_handles_a_long_ring(student, rng):
    """A cycle of thousands of tasks is found too."""
    names = words(rng, int(rng.integers(4000, 5000)))
    graph = {name: [names[i - 1]] for i, name in enumerate(names)}
    cycle, error = student.run(outcome, student.ref("find_cycle"), graph)
    assert error == "nothing", hint("Python ends a recursion after about 1,000 calls: use a loop.")
    check_cycle(cycle, graph, NO_CYCLE)


# --- ancestors


@points(2)
def test_ancestors_of_any_task(student, rng):
    """Everything that must run before, and nothing else."""
    for reach in (2, 6, 50):
        graph = random_dag(rng, 50, reach)
        for key in rng.choice(sorted(graph), 5, replace=False):
            assert student.ancestors(graph, str(key)) == oracle.ancestors(graph, str(key)), hint(
                "Follow dependencies to the end, leave out the task itself, and return a set."
            )


@points(1)
def test_ancestors_along_a_long_chain(student, rng):
    """The last task of a long chain needs all the others."""
    graph = chain(rng, int(rng.integers(4000, 5000)))
    last = oracle.toposort(graph)[-1]
    found, error = student.run(outcome, student.ref("ancestors"), graph, last)
    assert error == "nothing", hint("Python ends a recursion after about 1,000 calls: use a loop.")
    assert found == set(graph) - {last}, hint("Every other task of a chain comes before the last.")


@points(2)
def test_ancestors_looks_at_each_task_once(student, rng):
    """Many ways to the same tasks cost few look-ups."""
    graph = ladder(rng, int(rng.integers(35, 45)))
    last = oracle.toposort(graph)[-1]
    most = 20 * size(graph)
    found, count = student.run(counted, student.ref("ancestors"), graph, last, most)
    assert count <= most, hint(
        "Your function comes back to tasks that it has seen. What would it have to remember?"
    )
    assert found == oracle.ancestors(graph, last), hint(
        "Remember tasks, and still follow them all."
    )


@points(1)
def test_ancestors_of_an_unknown_task(student, rng):
    """A key that is no task of the graph is a KeyError, not an empty set."""
    graph = random_dag(rng, 20, 5)
    _, error = student.run(outcome, student.ref("ancestors"), graph, "nobody")
    assert error == "KeyError", hint(
        "Nobody's ancestors are unknown, and not none: let KeyError out."
    )


# --- critical_path


def check_longest(path, graph, cost):
    assert isinstance(path, list), hint("Return the path as a list of task names.")
    longest = sum(cost[task] for task in oracle.critical_path(graph, cost))
    check_path(path, graph, cost, longest, BROKEN, TOO_SHORT)


def draw_cost(rng, graph):
    return {task: int(rng.integers(0, 100)) for task in graph}


@pytest.mark.parametrize(("tasks", "reach"), [(0, 1), (60, 2), (60, 8), (60, 60)])
@points(2)
def test_critical_path_of_any_graph(student, rng, tasks, reach):
    """A real path with the largest possible sum of durations."""
    graph = random_dag(rng, tasks, reach)
    cost = draw_cost(rng, graph)
    check_longest(student.critical_path(graph, cost), graph, cost)


@points(1)
def test_critical_path_refuses_a_cycle(student, rng):
    """In a cycle there is no longest chain: ValueError."""
    graph = random_dag(rng, 12, 3)
    first, *_, last = oracle.critical_path(graph, dict.fromkeys(graph, 1))
    graph[first] = [*graph[first], last]
    _, error = student.run(outcome, student.ref("critical_path"), graph, draw_cost(rng, graph))
    assert error == "ValueError", hint(
        "A cycle has no first task and no last. `toposort` would notice."
    )


@points(2)
def test_critical_path_does_not_walk_every_path(student, rng):
    """A ladder with more paths than a day has seconds costs few look-ups."""
    graph = ladder(rng, int(rng.integers(35, 45)))
    cost, most = draw_cost(rng, graph), 40 * size(graph)
    path, count = student.run(counted, student.ref("critical_path"), graph, cost, most)
    assert count <= most, hint(
        "Your function looks the same tasks up again and again. How much must one remember about a "
        "task, so as never to work it out twice?"
    )
    check_longest(path, graph, cost)


@points(1)
def test_critical_path_looks_at_each_task_a_few_times(student, rng):
    """On a long chain the look-ups grow with the chain, not with its square."""
    graph = chain(rng, int(rng.integers(300, 350)))
    cost, most = draw_cost(rng, graph), 40 * size(graph)
    path, count = student.run(counted, student.ref("critical_path"), graph, cost, most)
    assert count <= most, hint(
        "Your function, or your toposort within it, goes through all tasks again for every task."
    )
    check_longest(path, graph, cost)


def peak_bytes(function, graph, cost):
    """Probe: the most memory that a call holds at once, in bytes; None if it recurses too deep."""
    import tracemalloc

    tracemalloc.start()
    try:
        function(graph, cost)
    except RecursionError:
        return None
    else:
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@points(1)
def test_critical_path_keeps_short_notes(student, rng):
    """On a long chain it holds at most 1,000 bytes for each task and edge."""
    graph = chain(rng, int(rng.integers(1050, 1150)))
    graph = {task: graph[task] for task in reversed(oracle.toposort(graph))}
    most = 1000 * size(graph)
    peak = student.run(peak_bytes, student.ref("critical_path"), graph, draw_cost(rng, graph))
    assert peak is not None, hint("Python ends a recursion after about 1,000 calls: use a loop.")
    assert peak <= most, hint(
        "Your function keeps a whole path for every task. One name a task is enough to find back."
    )
