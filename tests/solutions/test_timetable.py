"""solutions.timetable: plans that keep the rules, and are never worse than the rules promise."""

import doctest
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import timetable as module
from solutions.graph import Graph, critical_path
from solutions.timetable import Plan, makespan, schedule, with_resources

PATIENT = settings(deadline=None)
KINDS = ("threads", "GPU")


@st.composite
def priced_graphs(draw: st.DrawFn) -> tuple[Graph, dict[str, int]]:
    names = [f"t{number}" for number in range(draw(st.integers(0, 12)))]
    lists = [
        st.lists(st.sampled_from(names[:place]), unique=True, max_size=3) if place else st.just([])
        for place in range(len(names))
    ]
    graph = {name: draw(each) for name, each in zip(names, lists, strict=True)}
    return {n: graph[n] for n in draw(st.permutations(names))}, {
        n: draw(st.integers(1, 9)) for n in names
    }


def ends(plan: Plan, cost: dict[str, int]) -> dict[str, int]:
    return {task: start + cost[task] for task, (_, start) in plan.items()}


@given(priced_graphs(), st.integers(1, 5))
@PATIENT
def test_a_schedule_keeps_its_rules_and_its_bound(priced, workers):
    graph, cost = priced
    plan = schedule(graph, cost, workers)
    assert plan.keys() == graph.keys()
    end = ends(plan, cost)
    assert all(end[d] <= plan[task][1] for task, needs in graph.items() for d in needs)
    for worker in range(workers):
        spans = sorted((s, end[task]) for task, (w, s) in plan.items() if w == worker)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
    longest = sum(cost[task] for task in critical_path(graph, cost))
    assert makespan(plan, cost) * workers <= sum(cost.values()) + (workers - 1) * longest


@given(priced_graphs(), st.data())
@PATIENT
def test_resources_are_never_oversubscribed_and_nobody_waits_for_nothing(priced, data):
    graph, cost = priced
    amounts = st.fixed_dictionaries(dict.fromkeys(KINDS, st.integers(0, 3)))
    workers = data.draw(st.lists(amounts, min_size=1, max_size=3))
    workers[0] = dict.fromkeys(KINDS, 3)
    demand = {task: data.draw(amounts) for task in graph}
    plan = with_resources(graph, cost, demand, workers)
    end = ends(plan, cost)

    def room(worker: int, now: int) -> dict[str, int]:
        there = [t for t, (w, start) in plan.items() if w == worker and start <= now < end[t]]
        return {kind: workers[worker][kind] - sum(demand[t][kind] for t in there) for kind in KINDS}

    for now in {start for _, start in plan.values()}:
        assert all(min(room(worker, now).values()) >= 0 for worker in range(len(workers)))
    for task, (_, start) in plan.items():
        could = max((end[needed] for needed in graph[task]), default=0)
        assert start >= could
        for now in range(could, start):
            for worker in range(len(workers)):
                assert any(room(worker, now)[kind] < demand[task][kind] for kind in KINDS)


def test_what_fits_nowhere_is_refused():
    with pytest.raises(ValueError, match="no worker offers"):
        with_resources({"a": []}, {"a": 1}, {"a": {"GPU": 2}}, [{"GPU": 1}, {"GPU": 1}])


def test_the_longest_way_goes_first():
    graph = {"short 1": [], "short 2": [], "a": [], "b": ["a"], "c": ["b"]}
    assert makespan(schedule(graph, dict.fromkeys(graph, 5), 2), dict.fromkeys(graph, 5)) == 15


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(module).failed == 0
