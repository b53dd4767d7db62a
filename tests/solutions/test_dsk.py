"""solutions.dsk against Dask itself, which runs the same dict with functions in place of names."""

import doctest
from collections.abc import Iterable
from typing import Any

import pytest
from dask.local import get_sync
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import dsk as module
from solutions.dsk import OPERATIONS, Dsk, cull, fuse, references, run, structure
from solutions.graph import ancestors

PATIENT = settings(deadline=None)  # the machine may be busy
TASKS = [
    lambda one, _: ("inc", one),
    lambda one, _: ("add", one, one),
    lambda one, other: ("sub", other, ("double", one)),
    lambda one, other: ("total", one, ("inc", ("mul", 2, other)), one),
    lambda one, _: one,
    lambda *_: 7,
]


@st.composite
def dsks(draw: st.DrawFn) -> tuple[Dsk, list[str]]:
    """A dsk of one to ten keys, with aliases, nested tasks and literals; and some of its keys."""
    names = [f"k{number}" for number in range(draw(st.integers(1, 10)))]
    dsk: Dsk = {names[0]: 1}
    for place in range(1, len(names)):
        one, other = (draw(st.sampled_from(names[max(0, place - 3) : place])) for _ in range(2))
        dsk[names[place]] = draw(st.sampled_from(TASKS))(one, other)
    wanted = draw(st.lists(st.sampled_from(names), unique=True))
    return {name: dsk[name] for name in draw(st.permutations(names))}, wanted


def for_dask(expression: Any) -> Any:
    """The same expression with functions in place of their names."""
    if isinstance(expression, tuple):
        return (OPERATIONS[expression[0]], *map(for_dask, expression[1:]))
    return expression


def operations(expressions: Iterable[Any]) -> int:
    """How many operations run if each expression is evaluated once."""
    tuples = [e for e in expressions if isinstance(e, tuple)]
    return len(tuples) + sum(operations(e[1:]) for e in tuples)


def may_fuse(dsk: Dsk, keys: list[str]) -> list[str]:
    """The keys that the rule in `fuse` allows to merge, each judged on its own."""
    named = {key: references(expression, dsk) for key, expression in dsk.items()}
    everywhere = [name for found in named.values() for name in found]
    sole = [found[0] for found in named.values() if len(found) == 1]
    return [key for key in sole if everywhere.count(key) == 1 and key not in keys]


def test_examples_in_the_docstrings_hold():
    results = doctest.testmod(module)
    assert results.attempted >= 6
    assert results.failed == 0


@given(dsks())
@PATIENT
def test_run_computes_what_dask_computes(drawn: tuple[Dsk, list[str]]):
    dsk, _ = drawn
    graph = {key: for_dask(expression) for key, expression in dsk.items()}
    assert run(dsk) == dict(zip(dsk, get_sync(graph, list(dsk)), strict=True))


def test_run_refuses_a_cycle():
    with pytest.raises(ValueError, match="cycle"):
        run({"hen": ("inc", "egg"), "egg": ("inc", "hen")})


def test_references_are_keys_and_neither_operations_nor_words():
    keys = {"add", "x", "y"}
    assert sorted(references(("add", "x", ("inc", "y", "x"), "word", 3), keys)) == ["x", "x", "y"]
    assert references("x", keys) == ["x"]
    assert references(["x"], keys) == []


@given(dsks())
@PATIENT
def test_cull_keeps_the_keys_and_their_ancestors(drawn: tuple[Dsk, list[str]]):
    dsk, wanted = drawn
    graph = structure(dsk)
    culled = cull(dsk, wanted)
    assert set(culled) == set(wanted).union(*(ancestors(graph, key) for key in wanted))
    assert culled == {key: dsk[key] for key in culled}
    before, after = run(dsk), run(culled)
    assert after == {key: before[key] for key in culled}


def test_cull_refuses_a_key_that_is_not_there():
    with pytest.raises(KeyError):
        cull({"x": 1}, ["x", "y"])


@given(dsks())
@PATIENT
def test_fuse_gives_the_same_results_by_the_same_operations(drawn: tuple[Dsk, list[str]]):
    dsk, wanted = drawn
    fused, before = fuse(dsk, wanted), run(dsk)
    assert set(wanted) <= set(fused)
    assert run(fused) == {key: before[key] for key in fused}
    assert operations(fused.values()) == operations(dsk.values())


@given(dsks())
@PATIENT
def test_fuse_merges_exactly_the_keys_that_it_may(drawn: tuple[Dsk, list[str]]):
    dsk, wanted = drawn
    fused = fuse(dsk, wanted)
    assert set(dsk) - set(fused) == set(may_fuse(dsk, wanted))
    assert fuse(fused, wanted) == fused


@given(dsks())
@PATIENT
def test_no_dsk_is_changed_by_looking_at_it(drawn: tuple[Dsk, list[str]]):
    dsk, wanted = drawn
    before = dict(dsk)
    run(dsk)
    cull(dsk, wanted)
    fuse(dsk, wanted)
    assert dsk == before


def test_a_chain_of_100_000_tasks_is_run_culled_and_fused():
    length = 100_000
    dsk: Dsk = {f"k{i}": ("inc", f"k{i - 1}") if i else 0 for i in range(length)}
    last = f"k{length - 1}"
    assert run(dsk)[last] == length - 1
    assert len(cull(dsk, [last])) == length
    fused = fuse(dsk, [last])
    assert list(fused) == [last]
    expression, deep = fused[last], 0
    while isinstance(expression, tuple):
        _, expression = expression
        deep += 1
    assert (deep, expression) == (length - 1, 0)
