"""solutions.scheduler runs what Dask hands it, and holds no more than it must."""

import doctest
import weakref
from functools import partial

import dask.array as da
import dask.bag as db
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from dask.base import compute
from dask.delayed import delayed
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import scheduler as module
from solutions.graph import Graph, ancestors
from solutions.scheduler import depth_first, get

PATIENT = settings(deadline=None)


class Result:
    """A value that can be counted while it lives."""


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    names = [f"t{number}" for number in range(draw(st.integers(1, 12)))]
    lists = [
        st.lists(st.sampled_from(names[:place]), unique=True) if place else st.just([])
        for place in range(len(names))
    ]
    graph = {name: draw(each) for name, each in zip(names, lists, strict=True)}
    return {name: graph[name] for name in draw(st.permutations(names))}


def recorded(graph: Graph, keys):
    """The answer of `get`, the tasks that it ran, and the most results that lived at once."""
    ran, living, most = [], weakref.WeakSet(), [0]

    def task(name, inputs):
        assert len(inputs) == len(graph[name])
        ran.append(name)
        result = Result()
        living.add(result)
        most[0] = max(most[0], len(living))
        return result

    answer = get({name: (partial(task, name), needs) for name, needs in graph.items()}, keys)
    return answer, ran, most[0]


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(module).failed == 0


def test_arrays_bags_frames_and_delayed_calls_give_what_they_should():
    rows = np.arange(36).reshape(6, 6)
    array = da.asarray(rows).rechunk((2, 2))
    frame = pd.DataFrame({"k": list("abcab"), "v": range(5)})
    lazy = dd.from_pandas(frame, npartitions=2)
    words = db.from_sequence(["to", "be", "or", "not", "to", "be"], npartitions=3)
    assert (array.T @ array).compute(scheduler=get).tolist() == (rows.T @ rows).tolist()
    assert array.std().compute(scheduler=get) == pytest.approx(rows.std())
    assert dict(words.frequencies().compute(scheduler=get))["be"] == 2
    got = lazy.groupby("k").v.sum().compute(scheduler=get)
    assert got.sort_index().to_dict() == frame.groupby("k").v.sum().to_dict()
    both = frame.merge(frame, on="k")
    assert lazy.merge(lazy, on="k").v_x.sum().compute(scheduler=get) == both.v_x.sum()
    total = delayed(sum)([delayed(abs)(-2), 5])
    assert compute(total, [total, {"twice": total}], scheduler=get) == (7, [7, {"twice": 7}])


@given(graphs(), st.data())
@PATIENT
def test_what_is_needed_runs_once_and_nothing_else(graph, data):
    keys = data.draw(st.lists(st.sampled_from(sorted(graph)), min_size=1))
    _, ran, _ = recorded(graph, keys)
    assert sorted(ran) == sorted({*keys}.union(*(ancestors(graph, key) for key in keys)))


@given(graphs(), st.data())
@PATIENT
def test_the_answer_has_the_shape_of_the_keys(graph, data):
    key = st.sampled_from(sorted(graph))
    keys = data.draw(st.recursive(key, lambda inner: st.lists(inner, max_size=3), max_leaves=6))
    values = {name: (len, needs) for name, needs in graph.items()}

    def shape(part):
        return [shape(each) for each in part] if isinstance(part, list) else len(graph[part])

    assert get(values, keys) == shape(keys)


def test_results_are_dropped_in_time():
    chain = {f"t{i}": [f"t{i - 1}"] if i else [] for i in range(50)}
    assert recorded(chain, ["t49"])[2] == 2
    leaves = {f"{i}": [] for i in range(64, 128)}
    tree = leaves | {f"{i}": [f"{2 * i}", f"{2 * i + 1}"] for i in range(1, 64)}
    assert recorded(tree, ["1"])[2] <= 8


def test_a_chain_may_be_long():
    dsk = {f"t{i}": (abs, f"t{i - 1}") if i else -3 for i in range(10_000)}
    assert get(dsk, "t9999") == 3


@given(graphs(), st.data())
@PATIENT
def test_depth_first_lists_needs_first_and_each_once(graph, data):
    keys = data.draw(st.lists(st.sampled_from(sorted(graph))))
    order = depth_first(graph, keys)
    place = {task: i for i, task in enumerate(order)}
    assert len(place) == len(order)
    assert set(order) == {*keys}.union(*(ancestors(graph, key) for key in keys))
    assert all(place[needed] < place[task] for task in order for needed in graph[task])
