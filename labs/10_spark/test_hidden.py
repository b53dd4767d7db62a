"""The hidden tests of lab 10: random data; stages, bytes and records."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from autograder.testing import hint, points
from probes import (
    fitted,
    frame_of,
    joined,
    most_held,
    pairs_of,
    planned_pairs,
    streamed,
    words_counted,
)
from solutions.shuffle import combine
from solutions.words import map_words, reduce_counts

TRIPS = "trip_id long, zone string, fare_cents long"


def zones(rng, many):
    """Names that no notebook knows."""
    return [f"Z{number:05}" for number in rng.choice(100_000, many, replace=False)]


def cut(rows, rng, pieces):
    """The rows in uneven pieces, one of them empty."""
    edges = [0, *sorted(int(edge) for edge in rng.integers(0, len(rows), pieces - 2)), len(rows)]
    return [[], *(rows[a:b] for a, b in pairwise(edges))]


@points(2)
def test_sum_by_key_sends_sums_not_values(student, spark, rng):
    """Of 20,000 random numbers at most a tenth of their bytes is shuffled."""
    keys = zones(rng, 30)
    values = rng.random(20_000)
    rows = [(keys[n], float(v)) for n, v in zip(rng.integers(0, 30, 20_000), values, strict=True)]
    pieces = [rows[start::4] for start in range(4)]
    with spark.watch() as facts:
        found = student.run(pairs_of, student.ref("sum_by_key"), pieces)
    assert found is not None, hint("The result is an RDD of pairs.")
    sums = {key: round(total, 6) for part in found for key, total in part}
    expected = {key: 0.0 for key, _ in rows}
    for key, value in rows:
        expected[key] += value
    assert sums == {key: round(total, 6) for key, total in expected.items()}, hint(
        "The sum of a key is over all of its values, in whichever partitions they lie."
    )
    assert facts.by_stage[0].tasks == len(pieces), hint(
        "All values were brought into one place before anything was added up. Each partition can "
        "be summed where it is, and all of them at once."
    )
    assert facts.shuffle_write_bytes <= 0.1 * values.nbytes, hint(
        "Nearly every value was sent to where its key belongs. Each partition can add up its own "
        "values first, and send one sum a key."
    )


@points(2)
def test_sum_by_key_counts_words_as_unit_09(student, rng):
    """Word count with it equals the one of unit 09."""
    words = zones(rng, 12)
    lines = [" ".join(rng.choice(words, int(rng.integers(0, 9)))) for _ in range(300)]
    found = student.run(words_counted, student.ref("sum_by_key"), cut(lines, rng, 4))
    records = (record for line in lines for record in map_words(line))
    assert sorted(map(tuple, found)) == combine(records, reduce_counts), hint(
        "A word's count is the sum of its ones, and each word comes once."
    )


@points(2)
def test_daily_totals_stays_where_it_is(student, spark, rng):
    """As many partitions as before, each with the totals of its own days, in one stage."""
    pieces, expected = [[]], [{}]
    for piece in range(4):
        days = [f"day{piece}{number}" for number in range(int(rng.integers(1, 5)))]
        rows = [(str(rng.choice(days)), int(rng.integers(300, 9_000))) for _ in range(200)]
        pieces.append(rows)
        expected.append(dict(sum((Counter({day: fare}) for day, fare in rows), Counter())))
    with spark.watch() as facts:
        found = student.run(pairs_of, student.ref("daily_totals"), pieces)
    assert found is not None, hint("The result is an RDD of pairs.")
    assert [dict(part) for part in found] == expected, hint(
        "Each partition of the result has the totals of one partition of the trips."
    )
    assert facts.stages == 1, hint("It took more than one stage: something was shuffled.")


@points(1)
def test_daily_totals_holds_days_and_not_trips(student, rng):
    """Of a partition with 500 trips in three days, few trips are in memory at once."""
    trips = [(f"day{rng.integers(3)}", int(rng.integers(300, 9_000))) for _ in range(500)]
    assert student.run(most_held, student.ref("daily_totals"), trips) <= 9, hint(
        "The trips of a partition were put into a list, or sorted. It may have more of them than "
        "memory: go through them once, and keep what belongs to a day."
    )


@points(1)
def test_daily_totals_is_lazy(student, spark, rng):
    """To call the function runs no job."""
    pieces = [[("Mon", int(rng.integers(1, 99)))], [("Tue", 5)]]
    with spark.watch() as facts:
        lazy = student.run(planned_pairs, student.ref("daily_totals"), pieces)
    assert lazy, hint("The result is an RDD of pairs.")
    assert facts.jobs == 0, hint("A job ran although nobody had asked for the result.")


@points(4)
def test_copartition_joins_without_a_shuffle(student, spark, rng):
    """Dealing out shuffles each side once; the join after that shuffles nothing."""
    names = [(zone, f"name of {zone}") for zone in zones(rng, 40)]
    fares = [(names[n][0], int(cents)) for n, cents in rng.integers((0, 1), (35, 9_000), (900, 2))]
    partitions = int(rng.integers(3, 6))
    with spark.watch() as facts:
        found = student.run(joined, student.ref("copartition"), fares, names, partitions)
    known = dict(names)
    assert Counter((zone, tuple(pair)) for zone, pair in found["rows"]) == Counter(
        (zone, (cents / 100, known[zone])) for zone, cents in fares
    ), hint("Joined, each fare in euros comes with the name of its zone.")
    shuffles = sum(stage.shuffle_write_bytes > 0 for stage in facts.by_stage)
    assert shuffles <= 2, hint(reason(*found["known"]))


def reason(left, right):
    """Why a join had to shuffle, by whether it knew how its sides were dealt out."""
    if not left and not right:
        return (
            "The join shuffled, as it knows nothing about its sides: rows that were dealt out in "
            "turn have no partitioner."
        )
    if not left or not right:
        return (
            "The join shuffled: one side was changed after it was dealt out. What may change keys "
            "forgets how it was dealt out; there is a method that changes values only."
        )
    return (
        "The join shuffled: it deals out by a function of its own, and rows that were dealt out by "
        "another one have to move once more. As many partitions are not enough."
    )


@points(4)
def test_broadcast_join_shuffles_sums_only(student, spark, rng):
    """6,000 trips, counted by borough: less than 5 kB are shuffled."""
    names = zones(rng, 20)
    boroughs = [(zone, f"borough{rng.integers(4)}") for zone in names[:17]]
    draws = rng.integers((0, 300), (20, 10**9), (6_000, 2))
    trips = [(number, names[n], int(cents)) for number, (n, cents) in enumerate(draws)]
    function, right = student.ref("broadcast_join"), ("zone string, borough string", boroughs)
    with spark.watch() as facts:
        found = student.run(frame_of, function, (TRIPS, trips), right, 4)
    assert found, hint("The result is a DataFrame.")
    expected = {borough: [0, 0] for borough in [*dict(boroughs).values(), None]}
    for _, zone, cents in trips:
        sums = expected[dict(boroughs).get(zone)]
        expected[dict(boroughs).get(zone)] = [sums[0] + 1, sums[1] + cents]
    assert {borough: list(sums) for borough, *sums in found["rows"]} == expected, hint(
        "Each trip counts once, under the borough of its zone, or under null."
    )
    assert facts.shuffle_write_bytes < 5_000, hint(
        "The trips themselves were shuffled. One of the two tables is small enough to be sent "
        "whole to everybody who has trips; say which."
    )


@points(4)
def test_salted_join_gives_no_task_most_of_the_rows(student, spark, rng):
    """Two thirds of the trips have one zone; no task reads three times as many rows as the middle
    one."""
    names = zones(rng, 25)
    many = 6_000
    chosen = np.where(rng.random(many) < 0.65, 0, rng.integers(0, 24, many))
    trips = [(n, names[zone], 300 * int(rng.integers(1, 4))) for n, zone in enumerate(chosen)]
    rates = [(zone, float(rng.integers(1, 90))) for zone in names[:-1]]
    right, function = ("zone string, rate double", rates), student.ref("salted_join")
    with spark.watch() as facts:
        found = student.run(frame_of, function, (TRIPS, trips), right, 8, 32)
    assert found, hint("The result is a DataFrame.")
    expected = [(*trip, dict(rates)[trip[1]]) for trip in trips]
    assert sorted(found["rows"]) == expected, hint("Each trip comes once, with its zone's rate.")
    busy = [s.task_records for s in facts.by_stage if s.shuffle_read_records >= many]
    assert busy, hint(
        "No task read the trips from a shuffle. `rates` is too large to be sent to everybody; "
        "both sides have to be dealt out."
    )
    ratio = max(max(records) / max(1, np.median(records)) for records in busy)
    assert ratio <= 3, hint(
        f"One task got {ratio:.1f} times as many rows as the middle one. All rows that agree in "
        "what they are joined on go to one task: let the rows of one zone differ in it, each from "
        "the next."
    )
    assert facts.shuffle_write_records <= many + 32 * len(rates) + 500, hint(
        "Each trip passes through one shuffle, and each rate is sent once a salt."
    )


def at(hour, minute):
    """A minute of a day, as text; hours may go beyond 24."""
    return str(datetime(2026, 5, 1) + timedelta(hours=int(hour), minutes=int(minute)))


def batch(files):
    """The clicks of each hour and zone, in all files together."""
    clicks = [(f"{when[:13]}:00:00", zone) for rows in files for when, zone in rows]
    return dict(Counter(clicks))


@points(5)
def test_stream_counts_waits_and_forgets(student, rng):
    """Clicks up to an hour late count in their own hour; hours that are long over are dropped."""
    hour, names = int(rng.integers(2, 20)), zones(rng, 4)
    early = [(at(hour, minute), names[0]) for minute in rng.integers(0, 50, 5)]
    late = [(at(hour, minute), zone) for minute in (57, 58, 59) for zone in names[:2]]
    long_after = [(at(hour + 3, rng.integers(1, 30)), zone) for zone in names]
    files = [[*early, (at(hour + 1, 50), names[1])], [(at(hour + 1, 54), names[0])], late]
    found = student.run(streamed, student.ref("stream_counts"), [*files, long_after])
    assert found, hint("The result is a streaming DataFrame.")
    assert found["counts"] == batch([*files, long_after]), hint(
        "A click that comes less than an hour behind the latest one is still in time, and counts "
        "in the hour when it happened."
    )
    assert found["kept"] <= len(names), hint(
        "Counts of hours that ended more than an hour ago are still kept, or never forgotten. The "
        "engine can drop an hour if it knows how late a click may be, and if the hour is made of "
        "the very column that the lateness is about."
    )


def points_of(rng, many):
    """Lines of points, and the numbers in them."""
    rows = [[int(rng.integers(2)), *(round(float(x), 3) for x in rng.random(3))]
            for _ in range(many)]  # fmt: skip
    return [" ".join(map(str, row)) for row in rows], np.array(rows)


@points(4)
def test_logreg_reads_each_line_once(student, rng):
    """However many steps: each line is read once, and parsed once."""
    lines, numbers = points_of(rng, 120)
    pieces, steps = cut(lines, rng, 3), int(rng.integers(3, 6))
    found = student.run(fitted, student.ref("logreg"), pieces, steps, 0.7)
    labels, features = numbers[:, 0], np.insert(numbers[:, 1:], 0, 1, axis=1)
    weights = np.zeros(4)
    for _ in range(steps):
        slopes = (1 / (1 + np.exp(-features @ weights)) - labels) @ features
        weights = weights - 0.7 * slopes / len(lines)
    assert [round(w, 8) for w in found["weights"]] == [round(float(w), 8) for w in weights], hint(
        "The weights of gradient descent from 0, with one share for each point."
    )
    assert found["read"] <= 1.2 * len(lines), hint(
        f"Lines were read again: {found['read'] / len(lines):.1f} times each. An RDD that is used "
        "twice is made twice, unless somebody keeps it."
    )
    assert found["parsed"] <= 1.2 * len(lines), hint(
        f"Lines were parsed again: {found['parsed'] / len(lines):.1f} times each. What is worth "
        "keeping is what was worked out."
    )


@points(2)
def test_logreg_works_where_the_points_are(student, spark, rng):
    """Only sums come to the driver, and nothing stays in the workers' memory."""
    lines, _ = points_of(rng, 2_000)
    with spark.watch() as facts:
        student.run(fitted, student.ref("logreg"), cut(lines, rng, 3), 4, 0.3)
    assert max(stage.result_bytes for stage in facts.by_stage) < 12 * len(lines), hint(
        "The points, or something for each of them, were sent to the driver. Send the weights to "
        "the points, and add up the slopes where they are."
    )
    assert facts.cache_puts == 0, hint(
        "What you cached is still in the workers' memory. Whoever caches knows when it is over."
    )
