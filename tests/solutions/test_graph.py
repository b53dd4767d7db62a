"""solutions.graph against the standard library, and on chains that no recursion survives."""

import doctest
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import graph as module
from solutions.graph import Graph, ancestors, critical_path, dependents, find_cycle, toposort

LONG = 100_000
PATIENT = settings(deadline=None)  # the machine may be busy


@st.composite
def graphs(draw: st.DrawFn, cycles: bool = False) -> Graph:
    """Graphs of up to twelve tasks; without `cycles`, tasks depend only on tasks made before."""
    names = [f"t{number}" for number in range(draw(st.integers(0, 12)))]
    candidates = [names if cycles else names[:place] for place in range(len(names))]
    lists = [st.lists(st.sampled_from(c), unique=True) if c else st.just([]) for c in candidates]
    graph = {name: draw(each) for name, each in zip(names, lists, strict=True)}
    return {name: graph[name] for name in draw(st.permutations(names))}


@st.composite
def priced_graphs(draw: st.DrawFn) -> tuple[Graph, dict[str, float]]:
    graph = draw(graphs())
    return graph, {task: draw(st.integers(0, 9)) for task in graph}


def has_cycle(graph: Graph) -> bool:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return True
    return False


def every_chain(graph: Graph, task: str) -> list[list[str]]:
    """All chains of dependencies that end in `task` and cannot be made longer."""
    shorter = [chain for needed in graph[task] for chain in every_chain(graph, needed)]
    return [[*chain, task] for chain in shorter or [[]]]


def chain(length: int) -> Graph:
    return {f"t{i}": [f"t{i - 1}"] if i else [] for i in range(length)}


def test_examples_in_the_docstrings_hold():
    results = doctest.testmod(module)
    assert results.attempted >= 6
    assert results.failed == 0


@given(graphs())
@PATIENT
def test_dependents_turns_every_edge_around(graph: Graph):
    edges = {(task, needed) for task in graph for needed in graph[task]}
    turned = {(task, needed) for needed, tasks in dependents(graph).items() for task in tasks}
    assert turned == edges
    assert set(dependents(graph)) == set(graph)


def test_dependents_and_toposort_name_an_unknown_dependency():
    for function in (dependents, toposort):
        with pytest.raises(KeyError, match=r"'plot' needs 'lode', no task of this graph: add it"):
            function({"load": [], "plot": ["lode"]})


@given(graphs())
@PATIENT
def test_toposort_places_each_task_once_after_its_dependencies(graph: Graph):
    order = toposort(graph)
    assert sorted(order) == sorted(graph)
    place = {task: i for i, task in enumerate(order)}
    assert all(place[needed] < place[task] for task in graph for needed in graph[task])


@given(graphs(cycles=True))
@PATIENT
def test_toposort_refuses_exactly_the_graphs_that_graphlib_refuses(graph: Graph):
    if has_cycle(graph):
        with pytest.raises(ValueError, match="cycle"):
            toposort(graph)
    else:
        assert len(toposort(graph)) == len(graph)


def test_toposort_names_a_cycle_and_not_the_tasks_around_it():
    graph = {
        "mail": ["plot"],
        "plot": ["fit"],
        "fit": ["tune"],
        "tune": ["fit", "load"],
        "load": [],
    }
    with pytest.raises(
        ValueError, match=r"form a cycle: (fit -> tune -> fit|tune -> fit -> tune)$"
    ):
        toposort(graph)


@given(graphs(cycles=True))
@PATIENT
def test_find_cycle_finds_a_real_cycle_or_none(graph: Graph):
    cycle = find_cycle(graph)
    if not has_cycle(graph):
        assert cycle is None
        return
    assert cycle
    assert len(set(cycle)) == len(cycle)
    assert all(following in graph[task] for task, following in pairwise([*cycle, cycle[0]]))


@given(graphs())
@PATIENT
def test_ancestors_are_the_smallest_closed_set(graph: Graph):
    closed: dict[str, set[str]] = {}
    for task in TopologicalSorter(graph).static_order():
        closed[task] = set(graph[task]).union(*(closed[needed] for needed in graph[task]))
    assert {task: ancestors(graph, task) for task in graph} == closed


def test_ancestors_of_an_unknown_task_are_an_error():
    with pytest.raises(KeyError):
        ancestors({"load": []}, "lode")


@given(priced_graphs())
@PATIENT
def test_critical_path_is_a_chain_that_no_other_chain_outlasts(
    priced: tuple[Graph, dict[str, float]],
):
    graph, cost = priced
    path = critical_path(graph, cost)
    chains = [chain for task in graph for chain in every_chain(graph, task)]
    assert all(before in graph[task] for before, task in pairwise(path))
    longest = max((sum(cost[task] for task in chain) for chain in chains), default=0)
    assert sum(cost[task] for task in path) == longest
    assert bool(path) == bool(graph)


def test_critical_path_refuses_a_cycle():
    with pytest.raises(ValueError, match="hen"):
        critical_path({"hen": ["egg"], "egg": ["hen"]}, {"hen": 1, "egg": 1})


@pytest.fixture(scope="module")
def long() -> Graph:
    return chain(LONG)


def test_a_chain_of_100_000_tasks_can_be_ordered_searched_and_measured(long: Graph):
    assert toposort(long) == list(long)
    assert find_cycle(long) is None
    assert len(ancestors(long, f"t{LONG - 1}")) == LONG - 1
    assert critical_path(long, dict.fromkeys(long, 1)) == list(long)


def test_a_cycle_of_100_000_tasks_is_found_and_named(long: Graph):
    ring = long | {"t0": [f"t{LONG - 1}"]}
    assert len(find_cycle(ring) or []) == LONG
    with pytest.raises(ValueError, match=r"t0 -> t99999 -> t99998"):
        toposort(ring)


def test_two_ways_at_each_of_60_layers_are_no_more_work_than_one():
    graph: Graph = {"l0": [], "r0": []}
    for i in range(1, 60):
        graph |= {f"l{i}": [f"l{i - 1}", f"r{i - 1}"], f"r{i}": [f"r{i - 1}", f"l{i - 1}"]}
    assert len(ancestors(graph, "l59")) == 118
    assert find_cycle(graph) is None
    assert len(critical_path(graph, dict.fromkeys(graph, 1))) == 60
