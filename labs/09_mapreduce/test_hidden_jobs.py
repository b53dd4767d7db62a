"""The hidden tests of lab 09's `run_job`: any input, processes that die, bytes held."""

from collections import Counter

import pytest

from autograder.testing import hint, points
from random_words import words
from solutions import shuffle


def job_facts(run_job, Job, splits, read_run, texts, options):  # noqa: N803
    """Probe: run word count on texts, and report everything that can be counted.

    options: size of a split in bytes, reducers, memory (records), combine, kill (a line at whose
    first mapping the process dies, or None).
    """
    import os
    import signal
    from pathlib import Path
    from tempfile import TemporaryDirectory

    parent = os.getpid()
    size, reducers, memory, combine, kill = options

    def note(name, text):
        with Path(folder, name).open("a", newline="") as log:
            log.write(f"{text}\n")

    def mapper(line):
        note("mapped", line.strip())
        if kill is not None and line.strip() == kill and not Path(folder, "dead").exists():
            Path(folder, "dead").touch()
            if os.getpid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)
        return [(word, 1) for word in line.split()]

    def add(key, values):
        yield key, sum(values)

    def reducer(key, values):
        seen = list(values)
        yield key, (sum(seen), len(seen), os.getpid() != parent)

    with TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.txt") for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, newline="")
        shares = splits(paths, size)
        job = Job(mapper, reducer, add if combine else None)
        outputs = run_job(job, shares, Path(folder, "job"), reducers, 2, memory)
        mapped = Path(folder, "mapped")
        return {
            "outputs": [list(read_run(path)) for path in outputs],
            "mapped": mapped.read_text().split("\n")[:-1] if mapped.exists() else [],
            "maps": len(shares),
        }


def facts(student, texts, **changed):
    options = {
        "size": 10**6,
        "reducers": 2,
        "memory": 1000,
        "combine": True,
        "kill": None,
    } | changed
    names = ("run_job", "Job", "splits", "read_run")
    return student.run(job_facts, *map(student.ref, names), texts, list(options.values()))


def draw_texts(rng, files, lines):
    return ["".join(f"{' '.join(words(rng, 8))} line{f}x{n}\n" for n in range(lines))
            for f in range(files)]  # fmt: skip


def check_counts(found, texts):
    expected = Counter(word for text in texts for word in text.split())
    records = [(key, total) for output in found["outputs"] for key, (total, _, _) in output]
    twice = [key for key, many in Counter(key for key, _ in records).items() if many > 1]
    assert twice == [], hint(
        "These keys were reduced more than once. A key's values of all map tasks belong into one "
        "call."
    )
    assert dict(records) == dict(expected), hint(
        "Some counts are wrong. Too high: is something counted that a dead attempt has left? Too "
        "low: is a file read that another map task has overwritten?"
    )


@pytest.mark.parametrize(
    ("size", "reducers", "memory"), [(10**6, 1, 1000), (90, 3, 5), (400, 4, 1), (150, 2, 40)]
)
@points(4)
def test_run_job_gives_the_same_counts_however_it_is_cut(student, rng, size, reducers, memory):
    """Any size of the splits, any number of reducers, any memory, with and without a combiner."""
    texts = draw_texts(rng, 2, 7)
    for combine in (True, False):
        found = facts(student, texts, size=size, reducers=reducers, memory=memory, combine=combine)
        check_counts(found, texts)
        for number, output in enumerate(found["outputs"]):
            keys = [key for key, _ in output]
            assert keys == sorted(keys), hint("Each reducer's keys come in ascending order.")
            assert {shuffle.partition(key, reducers) for key in keys} <= {number}, hint(
                "These records are in another reducer's file than `partition` says."
            )


@points(3)
def test_run_job_survives_a_killed_mapper(student, rng):
    """A map process is killed in the middle: the counts are right, and only its split is read "
    "again."""
    texts = draw_texts(rng, 4, 12)
    kill = texts[int(rng.integers(4))].split("\n")[int(rng.integers(6, 12))]
    found = facts(student, texts, kill=kill, memory=20)
    check_counts(found, texts)
    mapped = Counter(found["mapped"])
    lines = [line for text in texts for line in text.split("\n")[:-1]]
    again = {line for line in lines if mapped[line] > 1}
    victim = next(text for text in texts if kill in text).split("\n")
    assert again == set(victim[: victim.index(kill) + 1]), hint(
        "Lines of other splits were mapped again, or the killed task was not."
    )


@points(2)
def test_run_job_maps_each_line_once(student, rng):
    """When nothing fails, each line is mapped once, and reducers run in other processes."""
    texts = draw_texts(rng, 3, 10)
    found = facts(student, texts, size=300)
    lines = [line for text in texts for line in text.split("\n")[:-1]]
    assert sorted(found["mapped"]) == sorted(lines), hint(
        "Each line is mapped once. Which of your steps goes through the input again?"
    )
    apart = {elsewhere for output in found["outputs"] for _, (_, _, elsewhere) in output}
    assert apart == {True}, hint("Reduce tasks, too, run in processes of their own.")


@points(3)
def test_run_job_shuffles_at_most_a_record_a_key_and_map(student, rng):
    """With a combiner, a reducer gets at most one record of a key from each map task."""
    texts = [" ".join(words(rng, 60, 10)) + "\n" for _ in range(4)]
    found = facts(student, texts, memory=10)
    check_counts(found, texts)
    shuffled = {key: many for output in found["outputs"] for key, (_, many, _) in output}
    holding = {key: sum(key in text.split() for text in texts) for key in shuffled}
    more = {key: many for key, many in shuffled.items() if many > holding[key]}
    assert more == {}, hint(
        "So many records of these keys reached the reducer, more than there are map tasks that "
        "have the key. Runs that are combined one by one have yet to be combined with each other."
    )


def job_bytes(run_job, Job, splits, seed, lines):  # noqa: N803
    """Probe: the most bytes that a map process, and a reduce process, held."""
    import random
    import tracemalloc
    from pathlib import Path
    from tempfile import TemporaryDirectory

    draw = random.Random(seed)

    def note(kind):
        if draw.random() < 0.02:
            with Path(folder, kind).open("a") as log:
                log.write(f"{tracemalloc.get_traced_memory()[1]}\n")

    def mapper(line):
        note("map")
        return [(word, 1) for word in line.split()]

    def reducer(key, values):
        note("reduce")
        yield key, sum(values)

    def held(kind):
        return max(map(int, Path(folder, kind).read_text().split()), default=0)

    with TemporaryDirectory() as folder:
        path = Path(folder, "text")
        path.write_text("".join(f"{draw.random():.15f} a {draw.random():.15f}\n" * 1
                                for _ in range(lines)))  # fmt: skip
        for kind in ("map", "reduce"):
            Path(folder, kind).touch()
        tracemalloc.start()
        try:
            run_job(Job(mapper, reducer), splits([path], 10**7), Path(folder, "job"), 1, 1, 300)
        finally:
            tracemalloc.stop()
        return held("map"), held("reduce")


@points(3)
def test_run_job_holds_little(student, rng):
    """30,000 records, 300 at a time: no process ever holds more than 3 MB."""
    seed = int(rng.integers(2**31))
    names = ("run_job", "Job", "splits")
    by_map, by_reduce = student.run(job_bytes, *map(student.ref, names), seed, 10_000)
    assert by_map <= 3_000_000, hint(
        f"A map process held {by_map / 1e6:.1f} MB. Its records should go from `job.map` through "
        "`external_sort` into the files without ever standing in one list."
    )
    assert by_reduce <= 3_000_000, hint(
        f"A reduce process held {by_reduce / 1e6:.1f} MB. Sorted files can be merged and reduced "
        "one key at a time."
    )
