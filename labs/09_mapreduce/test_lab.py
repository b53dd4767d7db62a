"""The visible tests of lab 09: small inputs that one can follow by hand."""

import pytest

from autograder.testing import hint, points
from probes import combined, given, given_once, sorted_outside

# --- map_words


@points(1)
def test_map_words_gives_a_pair_for_every_word(student):
    """Six words give six pairs, in their order."""
    records, _ = student.run(given, student.ref("map_words"), "to be or not to be\n")
    words = ["to", "be", "or", "not", "to", "be"]
    assert records == [(word, 1) for word in words], hint(
        "Six words, six pairs (word, 1). `return` ends the function at once: after it no word of "
        "the line is looked at."
    )


@points(1)
def test_map_words_of_a_line_without_words(student):
    """A line of spaces gives nothing, and is no error."""
    records, _ = student.run(given, student.ref("map_words"), "  \n")
    assert records == [], hint("No words, no pairs: an iterable with nothing in it.")


# --- reduce_counts


@pytest.mark.parametrize("counts", [[1, 1, 1], [7], [1, 40, 1]], ids=["ones", "one", "partial"])
@points(1)
def test_reduce_counts_adds_up(student, counts):
    """One pair: the word and its total."""
    records = student.run(given_once, student.ref("reduce_counts"), "be", counts)
    assert records == [("be", sum(counts))], hint(
        "Give one pair, (word, total). The counts may be partial sums, and they come as an "
        "iterator: it has no length, and can be gone through once."
    )


# --- combine


@points(1)
def test_combine_brings_equal_keys_together(student):
    """Equal keys meet although other records stand between them; the result is sorted by key."""
    records = [("b", 1), ("a", 1), ("b", 5), ("c", 2), ("a", 1)]
    found, _ = student.run(combined, student.ref("combine"), records, "add")
    assert found == [("a", 2), ("b", 6), ("c", 2)], hint(
        "A list with one record for each key, in the order of the keys. Equal keys need not be "
        "neighbours."
    )


@points(1)
def test_combine_of_nothing(student):
    """No records give an empty list."""
    found, _ = student.run(combined, student.ref("combine"), [], "add")
    assert found == [], hint("An empty list, and no call of `reduce`.")


# --- partition


@points(1)
def test_partition_is_the_number_of_a_reducer(student):
    """Each key gets one whole number, from 0 to reducers - 1, also the empty key."""
    keys = ["", "a", "taxi", "żółw", "Z007"]
    for reducers in (1, 2, 5):
        found = [student.partition(key, reducers) for key in keys]
        assert set(map(type, found)) == {int}, hint("Return a whole number.")
        assert [n for n in found if n not in range(reducers)] == [], hint(
            f"With {reducers} reducers there are the numbers 0 to {reducers - 1}."
        )


@points(1)
def test_partition_remembers_nothing(student):
    """A key's number does not depend on which keys came before."""
    keys = [f"word{number}" for number in range(40)]
    first = {key: student.partition(key, 4) for key in keys}
    second = {key: student.partition(key, 4) for key in reversed(keys)}
    assert first == second, hint(
        "Who is asked second must say the same. Map tasks share no memory: the key itself is all "
        "that they have in common."
    )


# --- join


@points(1)
def test_join_pairs_both_sides(student):
    """One left and two right rows make two pairs."""
    rows = [("right", 350), ("left", "Harbour"), ("right", 900)]
    found = student.run(given_once, student.ref("join"), "Z007", rows)
    assert isinstance(found, list), hint(
        "Go through `rows` once, and give pairs one after the other."
    )
    assert sorted(found) == [("Z007", ("Harbour", 350)), ("Z007", ("Harbour", 900))], hint(
        "Each pair is (key, (left row, right row)). A right row may come before its left row."
    )


@points(1)
def test_join_of_one_side_is_empty(student):
    """A key without a partner gives nothing."""
    for side in ("left", "right"):
        found = student.run(given_once, student.ref("join"), "Z007", [(side, 1), (side, 2)])
        assert found == [], hint("An inner join: without a row on the other side there is no pair.")


# --- external_sort


@points(1)
def test_external_sort_sorts(student):
    """Four records, two at a time in memory."""
    records = [("b", 1), ("c", 2), ("a", 3), ("b", 4)]
    found = student.run(sorted_outside, student.ref("external_sort"), records, 2, False)
    assert isinstance(found, list), hint("Return the merged runs, an iterator.")
    assert sorted(found) == sorted(records), hint("All records come out, each as often as it came.")
    assert [key for key, _ in found] == ["a", "b", "b", "c"], hint(
        "Sorted by key, over all runs. `merge` relies on each run being sorted."
    )


@points(1)
def test_external_sort_of_nothing(student):
    """No records give no records."""
    found = student.run(sorted_outside, student.ref("external_sort"), [], 2, False)
    assert found == [], hint("Nothing in, nothing out.")


@points(1)
def test_external_sort_combines_each_buffer(student):
    """With a combiner, the three equal keys of a buffer become one record."""
    records = [("b", 1), ("b", 1), ("b", 1), ("a", 1), ("b", 1), ("a", 1)]
    found = student.run(sorted_outside, student.ref("external_sort"), records, 3, True)
    assert found == [("a", 2), ("b", 3), ("b", 1)], hint(
        "`combine(buffer, reduce)` gives what belongs into the run, sorted."
    )


# --- run_tasks


def marked(run_tasks, names, workers):
    """Probe: what `run_tasks` returns, and by whom each task was run ("child" or "parent")."""
    import os
    from functools import partial
    from pathlib import Path
    from tempfile import TemporaryDirectory

    parent = os.getpid()
    with TemporaryDirectory() as folder:

        def mark(name):
            with Path(folder, "log").open("a") as log:
                log.write(f"{name} {'parent' if os.getpid() == parent else 'child'}\n")

        Path(folder, "log").touch()
        returned = run_tasks({name: partial(mark, name) for name in names}, workers)
        lines = Path(folder, "log").read_text().splitlines()
    return returned, sorted(line.split() for line in lines)


@points(1)
def test_run_tasks_runs_each_task_once(student):
    """Five tasks, five marks, one attempt each."""
    names = ["a", "b", "c", "d", "e"]
    returned, marks = student.run(marked, student.ref("run_tasks"), names, 2)
    assert [name for name, _ in marks] == names, hint(
        "Each task is run, and once if all goes well."
    )
    assert returned == dict.fromkeys(names, 1), hint("Return how many attempts each task took.")


@points(1)
def test_run_tasks_uses_other_processes(student):
    """No task runs in the process that calls."""
    _, marks = student.run(marked, student.ref("run_tasks"), ["a", "b"], 2)
    assert {place for _, place in marks} == {"child"}, hint(
        "A task may be killed, and the notebook must not die with it: run it in a process of its "
        "own. (A thread is no process.)"
    )


# --- run_job


def counted(run_job, Job, splits, read_run, texts, reducers):  # noqa: N803
    """Probe: word count on texts, a list of records for each output; and whether maps ran apart."""
    import os
    from pathlib import Path
    from tempfile import TemporaryDirectory

    parent = os.getpid()

    def mapper(line):
        if os.getpid() == parent:
            Path(folder, "parent").touch()
        return [(word, 1) for word in line.split()]

    def add(key, values):
        yield key, sum(values)

    with TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.txt") for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, newline="")
        job = Job(mapper, add, add)
        outputs = run_job(job, splits(paths, 10**6), Path(folder, "job"), reducers)
        if not isinstance(outputs, list):
            return None, True
        return [list(read_run(path)) for path in outputs], not Path(folder, "parent").exists()


@points(1)
def test_run_job_counts_words(student):
    """Three small files, two reducers."""
    texts = ["to be or not\nto be\n", "be\n", "that is the question"]
    names = ("run_job", "Job", "splits", "read_run")
    outputs, apart = student.run(counted, *map(student.ref, names), texts, 2)
    assert outputs is not None, hint("Return the list of the output's files.")
    assert len(outputs) == 2, hint(
        "There is one file of output for each reducer, also an empty one."
    )
    words = " ".join(texts).split()
    expected = sorted((word, words.count(word)) for word in set(words))
    assert sorted(record for output in outputs for record in output) == expected, hint(
        "Each word once, with its total over all map tasks."
    )
    assert apart, hint("`job.map` was called in the notebook's own process: use `run_tasks`.")


@points(1)
def test_run_job_without_input(student):
    """No splits: an empty file for each reducer."""
    names = ("run_job", "Job", "splits", "read_run")
    outputs, _ = student.run(counted, *map(student.ref, names), [], 3)
    assert outputs == [[], [], []], hint("A reducer without keys writes an empty file.")
