"""Datasets: the same rows everywhere, written once, never over something else."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra import content_hash, datasets, make, partition
from infra.formats import encode
from infra.tables import TABLES
from tests.infra.whole import whole

# Of 10,000 rows in 3 partitions, seed 7. Another hash is another content: raise datasets.EDITION.
GOLDEN = {
    "trips": "97c5d8f28e4a85025ca1f7157e78faa811935a9232be37f20320e8ccdd8430d0",
    "clicks": "ba248aed0de63ffc093278273541a7b307c75c9bd2ca0c48b68ec625a253542f",
    "text": "968cb0f42b58b920af9ff6e47bc80342a93347cbe5d399a79fe7e8e80da19c49",
}
SIZE = {"rows": 10_000, "partitions": 3, "seed": 7}
WRITTEN = [(table, format) for table in TABLES for format in TABLES[table].FORMATS]


@pytest.mark.parametrize("table", TABLES)
def test_the_content_is_the_same_for_ever(table: str) -> None:
    assert content_hash(whole(table, **SIZE)) == GOLDEN[table]


@pytest.mark.parametrize(("table", "format"), WRITTEN)
def test_every_format_holds_the_same_content(table: str, format: str, tmp_path: Path) -> None:
    url = make(table, tmp_path / "data", format=format, **SIZE)
    assert content_hash(url) == GOLDEN[table]


def test_the_content_is_the_same_without_vector_instructions() -> None:
    code = """
import numpy._core._multiarray_umath as cpu
print([name for name in cpu.__cpu_dispatch__ if cpu.__cpu_features__[name]])
from infra import content_hash, make
for table in ("trips", "clicks", "text"):
    print(content_hash(make(table, f"memory://{table}", rows=10_000, partitions=3, seed=7)))
"""
    off = os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(dispatched())}
    ran = subprocess.run([sys.executable, "-c", code], env=off, capture_output=True, text=True)
    assert ran.stdout.split("\n")[:-1] == ["[]", *GOLDEN.values()], ran.stderr


def dispatched() -> list[str]:
    """The vector instructions that numpy would choose on this processor."""
    import numpy._core._multiarray_umath as cpu

    features: Any = cpu
    return [name for name in features.__cpu_dispatch__ if features.__cpu_features__[name]]


def test_parquet_parts_can_be_pruned(tmp_path: Path) -> None:
    make("trips", tmp_path / "data", rows=8000, partitions=2)
    file = pq.ParquetFile(tmp_path / "data" / "part-00001.parquet")
    pickups = [file.metadata.row_group(g).column(1).statistics for g in range(file.num_row_groups)]
    assert file.num_row_groups == 8
    assert file.schema_arrow.equals(TABLES["trips"].SCHEMA)
    assert all(a.max <= b.min for a, b in itertools.pairwise(pickups))


def test_dask_reads_a_partition_a_file(tmp_path: Path) -> None:
    url = make("trips", tmp_path / "data", rows=900, partitions=3)
    frame = dd.read_parquet(url)
    assert frame.npartitions == 3
    assert content_hash(frame.compute(scheduler="sync")) == content_hash(url)


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Names of the files, with what tells whether they were written again."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_making_again_writes_nothing(tmp_path: Path) -> None:
    make("trips", tmp_path, rows=100, partitions=2)
    before = files(tmp_path)
    assert make("trips", str(tmp_path), rows=100, partitions=2) == str(tmp_path)
    assert files(tmp_path) == before
    assert sorted(before) == ["_outgrow.json", "part-00000.parquet", "part-00001.parquet"]


@pytest.mark.parametrize(
    "change",
    [{"rows": 90}, {"partitions": 1}, {"seed": 1}, {"format": "csv"}, {"table": "clicks"}],
)
def test_another_request_replaces_what_is_ours(change: dict[str, Any], tmp_path: Path) -> None:
    order: dict[str, Any] = {"table": "trips", "rows": 100, "partitions": 2}
    make(url=tmp_path, **order)
    (tmp_path / "notes.txt").write_text("mine")
    make(url=tmp_path, **(order | change))
    make(url=tmp_path / "fresh", **(order | change))
    assert content_hash(tmp_path) == content_hash(tmp_path / "fresh")
    assert files(tmp_path).keys() - files(tmp_path / "fresh").keys() == {"notes.txt", "fresh"}


def test_the_manifest_tells_what_the_parts_are(tmp_path: Path) -> None:
    make("clicks", tmp_path, rows=101, partitions=2, seed=5)
    manifest = json.loads((tmp_path / "_outgrow.json").read_text())
    parts = manifest.pop("parts")
    assert manifest == {
        "table": "clicks",
        "rows": 101,
        "partitions": 2,
        "seed": 5,
        "format": "parquet",
        "edition": 1,
    }
    for index, part in enumerate(parts):
        path = tmp_path / part["file"]
        rows = partition("clicks", index, rows=101, partitions=2, seed=5)
        assert part["bytes"] == path.stat().st_size
        assert part["content"] == content_hash(path) == content_hash(rows)
        assert part["rows"] == rows.num_rows


def test_a_making_that_broke_off_is_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_only(table: pa.Table, format: str) -> pa.Buffer:
        if table["trip_id"][0].as_py() > 0:
            raise ZeroDivisionError
        return encode(table, format)

    with monkeypatch.context() as patch:
        patch.setattr(datasets, "encode", first_only)
        with pytest.raises(ZeroDivisionError):
            make("trips", tmp_path, rows=100, partitions=2)
    assert (tmp_path / "part-00000.parquet").exists()
    with pytest.raises(FileNotFoundError, match="broke off"):
        content_hash(tmp_path)
    make("trips", tmp_path, rows=100, partitions=2)
    assert content_hash(tmp_path) == content_hash(whole("trips", rows=100, partitions=2))


@pytest.mark.parametrize("damage", ["cut", "removed"])
def test_a_damaged_part_is_made_again(tmp_path: Path, damage: str) -> None:
    make("trips", tmp_path, rows=100, partitions=2)
    part = tmp_path / "part-00001.parquet"
    part.unlink() if damage == "removed" else part.write_bytes(part.read_bytes()[:-9])
    make("trips", tmp_path, rows=100, partitions=2)
    assert content_hash(tmp_path) == content_hash(whole("trips", rows=100, partitions=2))


def test_a_part_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(self: Path, data: Any) -> int:
        with self.open("wb") as file:
            file.write(bytes(data)[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OSError, match=r"cannot write there .*No space left"):
        make("trips", tmp_path / "data", rows=100, partitions=2)
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize("left", ["part-00000.parquet", "_outgrow.json", "notes.txt", "folder/x"])
def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path, left: str) -> None:
    (tmp_path / left).parent.mkdir(exist_ok=True)
    (tmp_path / left).write_text("{}")
    with pytest.raises(FileExistsError, match=r"not made by outgrow.*Choose another folder"):
        make("trips", tmp_path, rows=10, partitions=1)
    assert (tmp_path / left).read_text() == "{}"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError, match="file: is a file"):
        make("trips", tmp_path / "file", rows=10, partitions=1)


@pytest.mark.parametrize("url", ["{0}/file/data", "/proc/data", "http://127.0.0.1:9/data"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").write_text("")
    url = url.format(tmp_path)
    with pytest.raises(OSError, match=rf"{url}: cannot write there .*Choose a folder"):
        make("trips", url, rows=10, partitions=1)


def test_a_store_in_memory_holds_a_dataset() -> None:
    url = make("text", "memory://bucket/text", rows=100, partitions=3, format="txt")
    assert url == "memory://bucket/text"
    assert content_hash(url) == content_hash(whole("text", rows=100, partitions=3))
    make("text", url, rows=50, partitions=1)
    assert content_hash(url) == content_hash(whole("text", rows=50, partitions=1))


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    for table, format in WRITTEN:
        url = make(table, tmp_path / table / format, rows=0, partitions=2, format=format)
        assert content_hash(url) == content_hash(TABLES[table].SCHEMA.empty_table())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"table": "taxis"}, r"unknown table 'taxis'. There are trips, clicks, text"),
        ({"format": "avro"}, r"trips: unknown format 'avro'. It is written as parquet or csv"),
        ({"table": "text", "format": "csv"}, r"text: unknown format 'csv'.*parquet or txt"),
        ({"rows": -1}, r"rows is -1. Give a whole number from 0 on"),
        ({"rows": 1.5}, r"rows is 1.5"),
        ({"partitions": 0}, r"partitions is 0. Give a whole number from 1 on"),
        ({"seed": -1}, r"seed is -1. Give a whole number from 0 on"),
        ({"seed": 2**64}, r"seed is 18446744073709551616.*below 2\*\*64"),
        ({"rows": 10**9, "partitions": 7}, r"Ask for at least 50 partitions"),
        ({"url": "nope://x"}, r"nope://x: Protocol not known"),
    ],
)
def test_a_request_that_makes_no_dataset_is_refused(
    change: dict[str, Any], message: str, tmp_path: Path
) -> None:
    order: dict[str, Any] = {"table": "trips", "url": tmp_path / "x", "rows": 10, "partitions": 2}
    with pytest.raises(ValueError, match=message):
        make(**(order | change))
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("index", [-1, 2])
def test_a_partition_that_is_not_there_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match=rf"no partition {index}. There are 2; count from 0"):
        partition("trips", index, rows=10, partitions=2)


def test_numpy_numbers_are_numbers(tmp_path: Path) -> None:
    numbers: Any = {"rows": np.int64(100), "partitions": np.int8(2)}
    make("trips", tmp_path, **numbers)
    before = files(tmp_path)
    make("trips", tmp_path, rows=100, partitions=2)
    assert files(tmp_path) == before
