"""External sort: any input, any memory; few files open; nothing held."""

import pickle
import random
import resource
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions.runs import external_sort, read_run, write_run, write_shares
from solutions.shuffle import Record, combine, partition, reduced
from solutions.words import reduce_counts

RECORDS = st.lists(st.tuples(st.text(max_size=3), st.integers(0, 9)))


@settings(deadline=None)
@given(records=RECORDS, memory=st.integers(1, 20))
def test_external_sort_sorts_and_keeps_the_order_of_equal_keys(records: list[Record], memory: int):
    with TemporaryDirectory() as folder:
        found = list(external_sort(iter(records), Path(folder), memory))
    assert found == sorted(records, key=lambda record: record[0])


@settings(deadline=None)
@given(records=RECORDS, memory=st.integers(1, 20))
def test_combining_early_changes_no_result(records: list[Record], memory: int):
    with TemporaryDirectory() as folder:
        ordered = list(external_sort(iter(records), Path(folder), memory, reduce_counts))
    assert len(ordered) <= len(records)
    assert list(reduced(ordered, reduce_counts)) == combine(records, reduce_counts)


@settings(deadline=None)
@given(records=RECORDS, reducers=st.integers(1, 5))
def test_shares_divide_the_records_by_key_and_keep_their_order(
    records: list[Record], reducers: int
):
    with TemporaryDirectory() as folder:
        paths = [Path(folder, str(number)) for number in range(reducers)]
        write_shares(paths, records)
        shares = [list(read_run(path)) for path in paths]
    for number, share in enumerate(shares):
        assert share == [r for r in records if partition(r[0], reducers) == number]


def test_a_thousand_runs_are_merged_with_few_open_files(tmp_path: Path):
    draw = random.Random(7)
    records = [(f"{draw.random()}", number) for number in range(10_000)]
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (150, limits[1]))
    try:
        found = list(external_sort(records, tmp_path, memory=10))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert found == sorted(records)


@pytest.mark.parametrize("reduce", [None, reduce_counts])
def test_memory_does_not_grow_with_the_input(tmp_path: Path, reduce):
    def stream(many: int) -> Iterator[Record]:
        draw = random.Random(7)
        return ((f"{draw.random()}", number) for number in range(many))

    def peak(many: int) -> int:
        folder = tmp_path / f"{many}"
        folder.mkdir()
        tracemalloc.start()
        try:
            found = sum(1 for _ in external_sort(stream(many), folder, 300, reduce))
            assert found == many
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(60_000) < 1.5 * peak(12_000)  # 40 runs and 200, of which 32 are read at once


def test_a_run_is_read_a_block_at_a_time(tmp_path: Path):
    path = write_run(tmp_path / "run", ((str(number), number) for number in range(2000)))
    reader = read_run(path)
    assert next(reader) == ("0", 0)
    with path.open("ab") as file:
        file.write(b"no pickle")
    with pytest.raises(pickle.UnpicklingError):
        list(reader)
