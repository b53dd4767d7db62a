"""solutions.recovery: enough to go on, and nothing that could be left out."""

import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import recovery as module
from solutions.graph import Graph
from solutions.recovery import recover


@st.composite
def losses(draw: st.DrawFn) -> tuple[Graph, dict[str, list[str]], list[str]]:
    names = [f"t{number}" for number in range(draw(st.integers(1, 10)))]
    lists = [
        st.lists(st.sampled_from(names[:place]), unique=True) if place else st.just([])
        for place in range(len(names))
    ]
    graph = {name: draw(each) for name, each in zip(names, lists, strict=True)}
    workers = st.lists(st.sampled_from(["a", "b", "c"]), unique=True)
    holders = {name: draw(workers) for name in names}
    wanted = draw(st.lists(st.sampled_from(names), unique=True))
    return graph, {task: who for task, who in holders.items() if who}, wanted


def enough(graph: Graph, there: set[str], again: set[str], wanted: list[str]) -> bool:
    """Whether all of `again` can run, and gives all of `wanted`."""
    have = there | again
    return set(wanted) <= have and all(set(graph[task]) <= have for task in again)


@given(losses())
@settings(deadline=None)
def test_it_is_enough_and_no_task_can_be_left_out(loss):
    graph, holders, wanted = loss
    again = recover(graph, holders, "a", wanted)
    there = {task for task, workers in holders.items() if set(workers) != {"a"}}
    assert enough(graph, there, again, wanted)
    assert not again & there
    for task in again:
        needed = task in wanted or any(task in graph[other] for other in again)
        assert needed


def test_a_long_chain():
    graph = {f"t{i}": [f"t{i - 1}"] if i else [] for i in range(20_000)}
    assert len(recover(graph, {"t9999": ["b"], "t5": ["a", "b"]}, "b", ["t19999"])) == 19_994


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(module).failed == 0
