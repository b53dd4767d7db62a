"""solutions.placement against its bounds, and `assign` against the search of all workers."""

import doctest
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import placement as module
from solutions.graph import Graph
from solutions.job import Job, tree
from solutions.machines import Machines
from solutions.placement import assign, bytes_moved, place, steal
from solutions.simulator import simulate

PATIENT = settings(deadline=None)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Graph, dict[str, int], dict[str, int]]:
    """A graph in an order in which it can run, and two numbers for each task."""
    names = [f"t{number}" for number in range(draw(st.integers(1, 14)))]
    lists = [
        st.lists(st.sampled_from(names[:place]), unique=True, max_size=3) if place else st.just([])
        for place in range(len(names))
    ]
    graph = {name: draw(each) for name, each in zip(names, lists, strict=True)}
    costs, sizes = ({name: draw(st.integers(1, 9)) for name in names} for _ in range(2))
    return graph, costs, sizes


def search(graph, cost, move, workers):
    """What `assign` does, by asking every worker."""
    free, plan = [0] * workers, {}
    for task, needs in graph.items():
        ends = [(plan[d][0], plan[d][1] + cost[d], move[d]) for d in needs]
        start, _, worker = min(
            (max([free[w], *(e + (0 if v == w else m) for v, e, m in ends)]), free[w], w)
            for w in range(workers)
        )
        plan[task], free[worker] = (worker, start), start + cost[task]
    return plan


@given(graphs(), st.integers(1, 5))
@PATIENT
def test_a_placement_is_even_and_moves_all_but_the_largest_input_at_most(drawn, workers):
    graph, _, sizes = drawn
    placed = place(graph, sizes, workers)
    assert placed.keys() == graph.keys()
    assert set(placed.values()) <= set(range(workers))
    first = Counter(placed[task] for task, needs in graph.items() if not needs)
    shares = [first[worker] for worker in range(workers)]
    assert max(shares) - min(shares) <= 1
    inputs = [[sizes[needed] for needed in needs] for needs in graph.values() if needs]
    assert bytes_moved(graph, sizes, placed) <= sum(sum(each) - max(each) for each in inputs)


@pytest.mark.parametrize("workers", [2, 3, 4, 7])
@pytest.mark.parametrize("leaves", [32, 50, 64])
def test_neighbours_share_a_worker(leaves, workers):
    job = tree(leaves, 1, 1)
    graph = {str(task): [str(d) for d in needs] for task, needs in enumerate(job.needs)}
    moved = bytes_moved(
        graph, dict.fromkeys(graph, 1), place(graph, dict.fromkeys(graph, 1), workers)
    )
    assert moved <= (workers - 1) * (leaves - 1).bit_length()


def test_the_simulator_moves_the_bytes_that_were_counted():
    job = tree(32, 1_000, 777)
    graph = {str(task): [str(d) for d in needs] for task, needs in enumerate(job.needs)}
    placed = place(graph, dict.fromkeys(graph, 777), 3)
    pinned = Job(job.needs, job.cost, job.size, tags={int(t): f"w{w}" for t, w in placed.items()})
    run = simulate(pinned, Machines(3, offers={w: [f"w{w}"] for w in range(3)}))
    assert run.moved == bytes_moved(graph, dict.fromkeys(graph, 777), placed)


@given(graphs(), st.integers(1, 6))
@PATIENT
def test_assign_finds_what_a_search_of_all_workers_finds(drawn, workers):
    graph, cost, move = drawn
    assert assign(graph, cost, move, workers) == search(graph, cost, move, workers)


def test_a_thief_looks_at_time_not_at_the_number_of_tasks():
    queues = {1: ["a", "b", "c"], 2: ["d"]}
    cost = {"a": 1, "b": 1, "c": 1, "d": 5}
    assert steal(queues, {1: 1, 2: 90}, cost, dict.fromkeys(cost, 3)) == (2, "d")
    assert steal(queues, {1: 1, 2: 90}, cost, dict.fromkeys(cost, 90)) is None


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(module).failed == 0
