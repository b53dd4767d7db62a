"""The hidden tests of lab 09's functions: any input, counted calls, bytes held."""

from collections import Counter
from itertools import product

import pytest

from autograder.testing import hint, points
from probes import combined, given, given_once, sorted_outside
from random_words import records_of, words
from solutions.words import map_words


def totals(records):
    found = Counter()
    for key, value in records:
        found[key] += value
    return dict(found)


# --- map_words


@points(1)
def test_map_words_of_any_line(student, rng):
    """Every word, whatever whitespace stands between them, as often as it occurs."""
    for _ in range(5):
        gaps = [" ", "  ", "\t", " \t ", "\u2003"]
        parts = [word + gaps[int(rng.integers(len(gaps)))] for word in words(rng, 30, 8)]
        line = "".join([" ", *parts, "\n"])
        found, _ = student.run(given, student.ref("map_words"), line)
        assert found == list(map_words(line)), hint(
            "Words stand between whitespace of any kind and length; a word that occurs three times "
            "gives three pairs, in its places."
        )


@points(1)
def test_map_words_hands_out_one_pair_at_a_time(student, rng):
    """It gives its pairs one by one."""
    line = " ".join(words(rng, 20))
    _, one_by_one = student.run(given, student.ref("map_words"), line)
    assert one_by_one, hint(
        "This builds a collection of all pairs first. A generator hands out a pair as soon as it "
        "has it."
    )


# --- reduce_counts


@points(2)
def test_reduce_counts_of_any_counts(student, rng):
    """The word and the sum, from an iterator of partial sums."""
    for _ in range(5):
        counts = rng.integers(1, 1000, int(rng.integers(1, 40))).tolist()
        word = f"w{int(rng.integers(1000))}"
        found = student.run(given_once, student.ref("reduce_counts"), word, counts)
        assert found == [(word, sum(counts))], hint(
            "One pair at the end, with the sum of the counts (not with how many there are). They "
            "can be gone through once."
        )


# --- combine


@points(2)
def test_combine_reduces_each_key_once(student, rng):
    """`reduce` is called once a key, with all values in the order in which they came."""
    records = records_of(rng, 200)
    found, calls = student.run(combined, student.ref("combine"), records, "add")
    assert sorted(key for key, _ in calls) == sorted(totals(records)), hint(
        "`reduce` is called once for each distinct key: first collect, then reduce."
    )
    expected = {key: [v for k, v in records if k == key] for key in totals(records)}
    assert dict(calls) == expected, hint("Each key's values, all of them, in their order.")
    assert found == sorted(totals(records).items()), hint(
        "A list of what `reduce` gave, in ascending order of the keys."
    )


@points(1)
def test_combine_takes_what_reduce_gives(student, rng):
    """A reduce function may give several records for a key, or none."""
    records = records_of(rng, 60)
    found, _ = student.run(combined, student.ref("combine"), records, "all")
    assert found == sorted(records, key=lambda record: record[0]), hint(
        "`reduce` gives an iterable of records: all of them belong into the result."
    )
    found, _ = student.run(combined, student.ref("combine"), records, "none")
    assert found == [], hint("Where `reduce` gives no record there is none in the result.")


# --- partition


def elsewhere(function, keys, reducers):
    """Probe: the function's answers in two other processes of Python, with other salts."""
    import os
    import subprocess
    import sys

    import cloudpickle

    code = (
        "import sys, cloudpickle\n"
        "f, keys, n = cloudpickle.load(sys.stdin.buffer)\n"
        "print(*[f(key, n) for key in keys])"
    )
    answers = []
    for salt, asked in (("1", keys), ("2", keys[::-1])):
        run = subprocess.run(
            [sys.executable, "-c", code],
            input=cloudpickle.dumps((function, asked, reducers)),
            env=os.environ | {"PYTHONHASHSEED": salt},
            stdout=subprocess.PIPE,
            check=True,
        )
        answers.append(dict(zip(asked, map(int, run.stdout.split()), strict=True)))
    return answers


@points(2)
def test_partition_is_the_same_in_every_process(student, rng):
    """Two other processes, asked in another order, give the same numbers."""
    keys = [f"k{number}" for number in rng.permutation(1000)[:60]]
    one, other = student.run(elsewhere, student.ref("partition"), keys, 7)
    assert one == other, hint(
        "Two processes disagree about a key. Python's `hash` of a text is salted anew in each "
        "process, and no process knows what another one has seen."
    )


@pytest.mark.parametrize("reducers", [2, 3, 8])
@points(3)
def test_partition_spreads_keys_that_look_alike(student, rng, reducers):
    """Thousands of similar keys: every reducer gets about its share."""
    start = int(rng.integers(10_000, 90_000))
    keys = [f"user{number:06}" for number in range(start, start + 1600)]
    shares = Counter(student.run(mapped, student.ref("partition"), keys, reducers))
    fair = len(keys) / reducers
    assert [n for n in range(reducers) if not 0.7 * fair < shares[n] < 1.3 * fair] == [], hint(
        "These reducers get much more or much less than their share. Every letter of the key "
        "should matter: keys are often alike at the beginning, in length, or at the end."
    )


def mapped(function, keys, reducers):
    """Probe: the function of each key."""
    return [function(key, reducers) for key in keys]


# --- join


@points(2)
def test_join_makes_every_pair(student, rng):
    """Every left row with every right row, in whatever order the rows come."""
    for _ in range(5):
        sides = ["left", "right"]
        rows = [(sides[int(rng.integers(2))], int(rng.integers(6))) for _ in range(25)]
        left, right = ([row for side, row in rows if side == which] for which in sides)
        found = student.run(given_once, student.ref("join"), "Z1", rows)
        assert isinstance(found, list), hint(
            "Go through `rows` once, and give pairs one after the other."
        )
        assert Counter(found) == Counter(("Z1", pair) for pair in product(left, right)), hint(
            "Rows of both sides come mixed, and equal rows count as often as they occur: every "
            "left row meets every right row."
        )


@points(1)
def test_join_invents_no_partner(student, rng):
    """Rows without a partner give nothing."""
    rows = [("right", int(n)) for n in rng.integers(0, 99, 10)]
    found = student.run(given_once, student.ref("join"), "Z1", rows)
    assert found == [], hint("There is no left row for this key, and so there is no pair.")


# --- external_sort


def held(external_sort, seed, many, memory):
    """Probe: how many records came out in order, and the most bytes that were held meanwhile."""
    import random
    import tracemalloc
    from pathlib import Path
    from tempfile import TemporaryDirectory

    draw = random.Random(seed)
    stream = ((f"{draw.random():.15f}", number) for number in range(many))
    with TemporaryDirectory() as folder:
        tracemalloc.start()
        try:
            count, last = 0, ""
            for key, _ in external_sort(stream, Path(folder), memory):
                count, last = count + (last <= key), key
            return count, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("memory", [1, 7, 50, 1000])
@points(2)
def test_external_sort_of_any_records(student, rng, memory):
    """Whatever fits into memory: the same records come out, sorted by key."""
    records = records_of(rng, int(rng.integers(100, 140)))
    found = student.run(sorted_outside, student.ref("external_sort"), records, memory, False)
    assert isinstance(found, list), hint("Return the merged runs, an iterator.")
    assert sorted(found) == sorted(records), hint(
        "Records are lost, or there are too many. Look at the first record of each buffer, at the "
        "last buffer, and at the names of the runs."
    )
    assert [key for key, _ in found] == sorted(key for key, _ in records), hint(
        "The records are not in the order of their keys. Each run must be sorted, and the runs "
        "merged."
    )


@points(1)
def test_external_sort_with_a_combiner(student, rng):
    """A combiner leaves at most one record of each key in each buffer, and loses nothing."""
    records = records_of(rng, 300, kinds=10)
    found = student.run(sorted_outside, student.ref("external_sort"), records, 50, True)
    assert totals(found) == totals(records), hint("The sums of each key must stay the same.")
    buffers = [totals(records[start : start + 50]) for start in range(0, 300, 50)]
    assert len(found) == sum(map(len, buffers)), hint(
        "Each full buffer of `memory` records is combined before it is written: then a key occurs "
        "once in each run."
    )


@points(3)
def test_external_sort_holds_little(student, rng):
    """30,000 records, 300 at a time: at most 1.5 MB are held at once."""
    seed = int(rng.integers(2**31))
    count, peak = student.run(held, student.ref("external_sort"), seed, 30_000, 300)
    assert count == 30_000, hint("All records, in order.")
    assert peak <= 1_500_000, hint(
        f"Your function held {peak / 1e6:.1f} MB at once. Does it collect all records in a list, "
        "be it before the runs are written or when they are read?"
    )
