"""The hidden tests of lab 09: any input, counted calls, bytes held, and processes that die."""

from collections import Counter
from itertools import product

import pytest

from autograder.testing import hint, points
from solutions import shuffle
from solutions.words import map_words


def words(rng, many, kinds=40):
    """So many words; the frequent ones are much more frequent."""
    return [f"w{int(rank)}" for rank in rng.geometric(3 / kinds, many)]


def records_of(rng, many, kinds=40):
    return [(word, int(rng.integers(1, 50))) for word in words(rng, many, kinds)]


def totals(records):
    found = Counter()
    for key, value in records:
        found[key] += value
    return dict(found)


def given(function, *args):
    """Probe: what the function gives, as a list, and whether it gives it one by one."""
    result = function(*args)
    return (list(result), iter(result) is result) if hasattr(result, "__iter__") else (None, False)


def given_once(function, key, values):
    """Probe: as a list, what the function gives for values that can be gone through once."""
    try:
        result = function(key, (value for value in values))
        return list(result) if hasattr(result, "__iter__") else None
    except TypeError as error:
        return str(error)


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


def combined(combine, records, kind):
    """Probe: what `combine` gives with one of three reduce functions, and the calls of that."""
    calls = []

    def reduce(key, values):
        seen = list(values)
        calls.append((key, seen))
        if kind == "add":
            return iter([(key, sum(seen))])
        return [] if kind == "none" else [(key, value) for value in seen]

    return combine((record for record in records), reduce), calls


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


def sorted_outside(external_sort, records, memory, add):
    """Probe: what `external_sort` gives, as a list."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    def total(key, values):
        yield key, sum(values)

    with TemporaryDirectory() as folder:
        found = external_sort(iter(records), Path(folder), memory, total if add else None)
        return list(found) if hasattr(found, "__iter__") else None


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


# --- run_tasks


def drilled(run_tasks, names, victims, workers, attempts):
    """Probe: run tasks, some of which die in their first attempts; report what happened.

    victims: how often each of them dies; after ten deaths a task lives.
    """
    import multiprocessing
    import os
    import signal
    from functools import partial
    from pathlib import Path
    from tempfile import TemporaryDirectory

    parent = os.getpid()
    with TemporaryDirectory() as folder:

        def task(name):
            mark = Path(folder, f"{name}.{os.getpid()}.{len([*Path(folder).iterdir()])}")
            mark.touch()
            died = len(list(Path(folder).glob(f"{name}.*"))) - 1
            if died < min(victims.get(name, 0), 10) and os.getpid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            returned = run_tasks({name: partial(task, name) for name in names}, workers, attempts)
        except RuntimeError as error:
            returned = f"RuntimeError: {error}"
        left = len(multiprocessing.active_children())
        runs = sorted(mark.name.split(".")[0] for mark in Path(folder).iterdir())
    return returned, {name: runs.count(name) for name in names}, left


@points(3)
def test_run_tasks_reruns_what_was_killed_and_nothing_else(student, rng):
    """A killed process's task is run again, all others once."""
    names = [f"t{int(n)}" for n in rng.permutation(50)[:6]]
    victims = {names[0]: 1, names[int(rng.integers(1, 6))]: 2}
    returned, runs, _ = student.run(drilled, student.ref("run_tasks"), names, victims, 2, 4)
    expected = {name: 1 + victims.get(name, 0) for name in names}
    assert [name for name in names if runs[name] < expected[name]] == [], hint(
        "These tasks were killed and not run again. Look at the exit code of each process that "
        "ends."
    )
    assert runs == expected, hint("Tasks whose process ended well must not run again.")
    assert returned == expected, hint("Return how many attempts each task took, failed ones too.")


@points(2)
def test_run_tasks_gives_up(student, rng):
    """A task that fails every time ends the job, by name, after so many attempts."""
    names = [f"t{int(n)}" for n in rng.permutation(50)[:3]]
    victim, attempts = names[1], int(rng.integers(2, 5))
    returned, runs, left = student.run(
        drilled, student.ref("run_tasks"), names, {victim: 99}, 2, attempts
    )
    assert str(returned).startswith("RuntimeError"), hint(
        "A task that fails in every attempt fails for ever: raise RuntimeError after the last one."
    )
    assert runs[victim] == attempts, hint("`attempts` is how often a task is tried in all.")
    assert victim in str(returned), hint("Name the task in the message.")
    assert left == 0, hint("Processes of yours were still running. End them before you raise.")


def overlaps(run_tasks, workers):
    """Probe: the most tasks that were under way at the same moment, of one more than workers.

    A task stays until all are there, or until its patience ends.
    """
    import time
    from functools import partial
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        running, seen = Path(folder, "running"), Path(folder, "seen")
        running.mkdir()
        seen.mkdir()

        def task(name):
            (running / name).touch()
            ends, now = time.monotonic() + 0.4, 0
            while time.monotonic() < ends and now <= workers:
                now = len([*running.iterdir()])
                (seen / str(now)).touch()
            (running / name).unlink()

        run_tasks({f"t{n}": partial(task, f"t{n}") for n in range(workers + 1)}, workers)
        return max(int(mark.name) for mark in seen.iterdir())


@points(2)
def test_run_tasks_keeps_its_workers_busy(student, rng):
    """As many tasks run side by side as there are workers, never more."""
    workers = int(rng.integers(2, 4))
    most = student.run(overlaps, student.ref("run_tasks"), workers)
    assert most >= workers, hint(
        "Fewer tasks ran side by side than there are workers. Start the next before you wait for "
        "the last."
    )
    assert most <= workers, hint("More tasks ran at the same time than there are workers.")


# --- run_job


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
