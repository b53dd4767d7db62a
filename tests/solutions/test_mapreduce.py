"""The engine as a whole: the same answer however it is cut, and whoever dies on the way."""

import os
import random
import signal
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra import make
from solutions.mapreduce import Job, run_job
from solutions.runs import read_run
from solutions.sides import join
from solutions.splits import Split, splits
from solutions.words import map_words, reduce_counts

COUNT = Job(map_words, reduce_counts, reduce_counts)
LINE = st.text("ab é\n\r\u2028", max_size=12)


def records(outputs: list[Path]) -> list[tuple[str, Any]]:
    return [record for path in outputs for record in read_run(path)]


def log(path: Path, line: str) -> None:
    """Add a line, whole, from whichever process."""
    with path.open("a") as file:
        file.write(f"{line}\n")


@settings(deadline=None, max_examples=25)
@given(
    texts=st.lists(st.lists(LINE).map("\n".join), max_size=3),
    size=st.integers(1, 60),
    reducers=st.integers(1, 4),
    memory=st.integers(1, 9),
    combined=st.booleans(),
)
def test_any_split_any_reducers_any_memory_give_the_same_counts(
    texts: list[str], size: int, reducers: int, memory: int, combined: bool
):
    job = Job(map_words, reduce_counts, reduce_counts if combined else None)
    with TemporaryDirectory() as name:
        paths = [Path(name, f"{number}.txt") for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text.encode())
        shares = splits(paths, size)[:12]
        outputs = run_job(job, shares, Path(name, "job"), reducers, memory=memory)
        lists = [list(read_run(path)) for path in outputs]
    seen = {path: max(share.end for share in shares if share.path == path) for path in paths
            if any(share.path == path for share in shares)}  # fmt: skip
    expected = Counter[str]()
    for path, text in zip(paths, texts, strict=True):
        here = 0
        for line in text.encode().split(b"\n"):
            if here < seen.get(path, 0):
                expected.update(line.decode().split())
            here += len(line) + 1
    found = [record for each in lists for record in each]
    assert sorted(found) == sorted(expected.items())
    assert lists == [sorted(each) for each in lists]
    assert len(lists) == reducers


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    return Path(make("text", folder, rows=3000, partitions=3, format="txt"))


@pytest.fixture(scope="module")
def counts(text: Path) -> dict[str, int]:
    return dict(Counter(word for path in text.glob("part*") for word in path.read_text().split()))


def whole_files(text: Path) -> list[Split]:
    return splits(sorted(text.glob("part*")), 10**9)


def test_a_killed_mapper_is_run_again_and_it_alone(
    text: Path, counts: dict[str, int], tmp_path: Path
):
    victim = sorted(text.glob("part*"))[1].read_text().splitlines()[500]
    parent = os.getpid()

    def mapper(line: str) -> Iterator[tuple[str, int]]:
        log(tmp_path / "processes", str(os.getpid()))
        if line.strip() == victim and not (tmp_path / "killed").exists():
            (tmp_path / "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        yield from map_words(line)

    job = Job(mapper, reduce_counts, reduce_counts)
    found = records(run_job(job, whole_files(text), tmp_path / "job", memory=1000))
    assert sorted(found) == sorted(counts.items())
    calls = Counter((tmp_path / "processes").read_text().split())
    assert sorted(calls.values()) == [501, 1000, 1000, 1000]
    assert str(parent) not in calls


def test_a_killed_reducer_is_run_again_and_no_mapper_is(
    text: Path, counts: dict[str, int], tmp_path: Path
):
    def mapper(line: str) -> Iterator[tuple[str, int]]:
        log(tmp_path / "mapped", str(os.getpid()))
        return map_words(line)

    def reducer(word: str, values: Iterator[int]) -> Iterator[tuple[str, int]]:
        if word == "taxi" and not (tmp_path / "killed").exists():
            (tmp_path / "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return reduce_counts(word, values)

    found = records(run_job(Job(mapper, reducer), whole_files(text), tmp_path / "job"))
    assert sorted(found) == sorted(counts.items())
    assert sorted(Counter((tmp_path / "mapped").read_text().split()).values()) == [1000] * 3


def test_a_job_that_always_fails_ends_with_the_name_of_its_task(text: Path, tmp_path: Path):
    def mapper(_: str) -> Iterator[tuple[str, int]]:
        log(tmp_path / "processes", str(os.getpid()))
        os._exit(3)

    with pytest.raises(RuntimeError, match="'map-00000' failed 4 times, last with exit code 3"):
        run_job(Job(mapper, reduce_counts), whole_files(text)[:1], tmp_path / "job")
    assert len((tmp_path / "processes").read_text().split()) == 4


@pytest.mark.parametrize("combined", [True, False])
def test_a_combiner_shuffles_at_most_a_record_a_word_and_map(
    text: Path, counts: dict[str, int], tmp_path: Path, combined: bool
):
    def reducer(word: str, values: Iterator[int]) -> Iterator[tuple[str, tuple[int, int]]]:
        partial = list(values)
        yield word, (sum(partial), len(partial))

    job = Job(map_words, reducer, reduce_counts if combined else None)
    found = dict(records(run_job(job, whole_files(text), tmp_path / "job", memory=500)))
    assert {word: total for word, (total, _) in found.items()} == counts
    shuffled = sum(many for _, many in found.values())
    assert shuffled <= 3 * len(counts) if combined else shuffled == sum(counts.values())


@pytest.mark.parametrize("combined", [True, False])
def test_memory_does_not_grow_with_the_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, combined: bool
):
    monkeypatch.setattr("solutions.splits.BLOCK", 2**12)

    def peak(lines: int) -> int:
        """The most bytes that a map or a reduce process held while it called our functions."""
        folder = tmp_path / str(lines)
        folder.mkdir()
        draw = random.Random(7)
        (folder / "text").write_text("\n".join(f"w{draw.random()} a a a" for _ in range(lines)))

        def note(every: int) -> None:
            if draw.random() < 1 / every:
                log(folder / "log", str(tracemalloc.get_traced_memory()[1]))

        def mapper(line: str) -> Iterator[tuple[str, int]]:
            note(50)
            return map_words(line)

        def reducer(word: str, values: Iterator[int]) -> Iterator[tuple[str, int]]:
            note(50)
            return reduce_counts(word, values)

        job = Job(mapper, reducer, reduce_counts if combined else None)
        shares = splits([folder / "text"], 10**9)
        tracemalloc.start()
        try:
            outputs = run_job(job, shares, folder / "job", memory=500)
        finally:
            tracemalloc.stop()
        assert len(records(outputs)) == lines + 1
        return max(map(int, (folder / "log").read_text().split()))

    assert peak(30_000) < 2**19  # to hold all 120,000 records takes 12 MB


def test_reduce_side_join(tmp_path: Path):
    zones, trips = {f"Z{n}": f"zone {n}" for n in range(20)}, [(f"Z{n % 25}", n) for n in range(90)]
    (tmp_path / "zones").write_text("\n".join(f"left {key} {name}" for key, name in zones.items()))
    (tmp_path / "trips").write_text("\n".join(f"right {key} {fare}" for key, fare in trips))

    def mapper(line: str) -> Iterator[tuple[str, tuple[str, str]]]:
        side, key, row = line.rstrip("\n").split(" ", 2)
        yield key, (side, row)

    shares = splits([tmp_path / "zones", tmp_path / "trips"], 100)
    found = records(run_job(Job(mapper, join), shares, tmp_path / "job", reducers=3, memory=7))
    expected = [(key, (zones[key], str(fare))) for key, fare in trips if key in zones]
    assert sorted(found) == sorted(expected)


def test_no_splits_give_empty_outputs(tmp_path: Path):
    outputs = run_job(COUNT, [], tmp_path / "job", reducers=3)
    assert [list(read_run(path)) for path in outputs] == [[], [], []]


def test_a_folder_used_before_does_no_harm(text: Path, counts: dict[str, int], tmp_path: Path):
    for size in (4000, 20_000):
        found = records(run_job(COUNT, splits([*text.glob("part*")], size), tmp_path, memory=300))
        assert sorted(found) == sorted(counts.items())
