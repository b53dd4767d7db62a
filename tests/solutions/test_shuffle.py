"""Partition, combine, words and sides: their contracts on any input."""

import doctest
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions import attempts, mapreduce, runs, shuffle, sides, splits, words
from solutions.shuffle import combine, partition, reduced
from solutions.sides import join
from solutions.words import map_words, reduce_counts

RECORDS = st.lists(st.tuples(st.text(max_size=3), st.integers()))


@pytest.mark.parametrize("module", [attempts, runs, shuffle, sides, words])
def test_examples_in_the_docstrings_hold(module):
    results = doctest.testmod(module)
    assert results.attempted
    assert results.failed == 0


@given(st.text())
def test_map_words_yields_every_word(line: str):
    assert list(map_words(line)) == [(word, 1) for word in line.split()]


@given(RECORDS, st.data())
def test_counts_may_be_added_up_in_any_grouping(records, data: st.DataObject):
    cut = data.draw(st.integers(0, len(records)))
    parts = combine(records[cut:], reduce_counts) + combine(records[:cut], reduce_counts)
    assert combine(parts, reduce_counts) == combine(records, reduce_counts)


@given(RECORDS)
def test_reduced_is_combine_for_what_is_sorted(records):
    ordered = sorted(records, key=lambda record: record[0])
    assert list(reduced(ordered, reduce_counts)) == combine(records, reduce_counts)


@given(RECORDS)
def test_a_reduce_function_may_leave_values_unread(records):
    ordered = sorted(records, key=lambda record: record[0])
    firsts = reduced(ordered, lambda key, values: [(key, next(values))])
    assert dict(firsts) == dict(reversed(ordered))


def test_another_process_sends_a_key_to_the_same_reducer():
    keys = [f"Z{number:03}" for number in range(300)] + ["", "é", "\ud800"]
    code = "from solutions.shuffle import partition\n" \
           f"print([partition(key, 7) for key in {keys!a}])"  # fmt: skip
    environment = {"PYTHONHASHSEED": "12345", "PYTHONPATH": ":".join(sys.path)}
    said = subprocess.run([sys.executable, "-c", code], env=environment, check=True,
                          capture_output=True, text=True).stdout  # fmt: skip
    assert said.strip() == str([partition(key, 7) for key in keys])


@pytest.mark.parametrize("reducers", [1, 2, 3, 8, 100])
def test_keys_that_look_alike_spread_evenly(reducers: int):
    shares = Counter(partition(f"user{number:06}", reducers) for number in range(20_000))
    assert set(shares) == set(range(reducers))
    assert max(shares.values()) < 1.35 * 20_000 / reducers


@given(st.lists(st.tuples(st.sampled_from(["left", "right"]), st.integers(0, 3))))
def test_join_pairs_every_left_with_every_right(rows):
    left = [row for side, row in rows if side == "left"]
    right = [row for side, row in rows if side == "right"]
    assert Counter(join("k", iter(rows))) == Counter(("k", (a, b)) for a in left for b in right)


def test_the_modules_say_what_they_are_for():
    assert all(module.__doc__ for module in (mapreduce, splits))
