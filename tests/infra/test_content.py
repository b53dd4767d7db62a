"""The content hash sees rows, not representations."""

import hashlib
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra import content_hash

TABLE = pa.table(
    {
        "whole": pa.array([3, None, -1, 2**62], pa.int64()),
        "real": pa.array([0.5, None, -0.0, 1e300], pa.float64()),
        "word": ["a", None, "", "żółw"],
        "raw": pa.array([b"\0", b"", None, b"\xff"], pa.binary()),
        "yes": [True, None, False, True],
        "when": pa.array([0, None, -1, 10**15], pa.timestamp("us")),
        "day": pa.array([0, None, -1, 20000], pa.date32()),
    }
)


def sha(*buffers: bytes) -> bytes:
    return hashlib.sha256(b"".join(buffers)).digest()


def test_the_hash_is_what_its_description_says() -> None:
    table = pa.table({"b": pa.array([1, None, 258], pa.int32()), "a": ["xy", "", "z"]})
    text = sha(b"xyz") + sha(np.array([2, 0, 1], "<i8").tobytes()) + sha()
    numbers = sha(b"\1\0\0\0", b"\0\0\0\0", b"\2\1\0\0") + sha() + sha(b"\1" + b"\0" * 7)
    columns = sha(b"a\0string\x003\0", text), sha(b"b\0int32\x003\0", numbers)
    assert content_hash(table) == hashlib.sha256(b"".join(columns)).hexdigest()


def test_the_hash_is_the_same_for_ever() -> None:
    golden = "39b283355f4fdf9cf2b17cbf4849ce92b3e4713217e9d8ec1407b3972d22aa3c"
    assert content_hash(TABLE) == golden


chunkings = st.lists(st.integers(0, 4), max_size=4).map(lambda cuts: [0, *sorted(cuts), 4])


@settings(deadline=None)
@given(cuts=chunkings)
def test_chunks_make_no_difference(cuts: list[int]) -> None:
    pieces = [TABLE.slice(start, end - start) for start, end in itertools.pairwise(cuts)]
    assert content_hash(pa.concat_tables(pieces)) == content_hash(TABLE)


@settings(deadline=None)
@given(names=st.permutations(TABLE.column_names))
def test_the_order_of_the_columns_makes_no_difference(names: list[str]) -> None:
    assert content_hash(TABLE.select(names)) == content_hash(TABLE)


def test_encodings_make_no_difference() -> None:
    words = TABLE["word"].combine_chunks()
    kinds = [words.dictionary_encode(), words.cast(pa.large_string()), words.cast("string_view")]
    for kind in kinds:
        changed = TABLE.set_column(TABLE.column_names.index("word"), "word", kind)
        assert content_hash(changed) == content_hash(TABLE)


def test_the_unit_of_a_timestamp_makes_no_difference() -> None:
    seconds = pa.table({"t": pa.array([5, None, -7], pa.timestamp("s"))})
    for unit in ("ms", "us", "ns"):
        assert content_hash(seconds.cast(pa.schema({"t": pa.timestamp(unit)}))) == content_hash(
            seconds
        )


def test_a_frame_has_the_hash_of_its_table() -> None:
    frame = pd.DataFrame({"n": [1, 2], "s": ["a", None], "x": [0.5, np.nan], "t": ["b", "b"]})
    table = pa.table({"n": [1, 2], "s": ["a", None], "x": [0.5, None], "t": ["b", "b"]})
    assert content_hash(frame) == content_hash(table)
    assert content_hash(frame.astype({"t": "category"})) == content_hash(table)
    assert content_hash(frame.astype({"s": object})) == content_hash(table)


def test_a_named_index_is_content_and_an_unnamed_one_is_not() -> None:
    frame = pd.DataFrame({"n": [1, 2], "s": ["a", "b"]})
    assert content_hash(frame.set_axis([7, 8])) == content_hash(frame)
    assert content_hash(frame.set_index("n")) == content_hash(frame)


def test_files_without_a_manifest_have_the_hash_of_their_rows(tmp_path: Path) -> None:
    for part in range(2):
        pq.write_table(
            TABLE.slice(2 * part, 2), tmp_path / f"part-{part}.parquet", compression="gzip"
        )
    (tmp_path / "_SUCCESS").touch()
    pq.write_table(TABLE, whole := tmp_path / "_whole.parquet", row_group_size=1)
    assert content_hash(str(tmp_path)) == content_hash(TABLE)
    assert content_hash(whole) == content_hash(TABLE)


different: list[dict[str, Any]] = [
    {"n": [2, 1]},
    {"n": [1, 2, 2]},
    {"n": [1]},
    {"n": [1, None]},
    {"m": [1, 2]},
    {"n": pa.array([1, 2], pa.int32())},
    {"n": [1.0, 2.0]},
    {"n": ["1", "2"]},
    {"n": [1, 2], "m": [1, 2]},
    {},
]


@pytest.mark.parametrize("columns", different)
def test_other_content_has_another_hash(columns: dict[str, Any]) -> None:
    assert content_hash(pa.table(columns)) != content_hash(pa.table({"n": [1, 2]}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        ([None, ""], ["", None]),
        ([0, None], [None, 0]),
        ([0.0], [-0.0]),
        ([""], [None]),
    ],
)
def test_values_that_look_alike_are_told_apart(one: list[Any], other: list[Any]) -> None:
    kind = pa.array([*one, *other]).type
    tables = [pa.table({"n": pa.array(values, kind)}) for values in (one, other)]
    assert content_hash(tables[0]) != content_hash(tables[1])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (3, r"cannot read int. Give a pyarrow Table"),
        (pa.table({"n": [[1]]}), r"column 'n' is list<.*no content hash"),
        (pd.DataFrame({"n": [1, "a"]}), r"a column mixes types"),
        (pa.Table.from_arrays([[1], [2]], names=["n", "n"]), r"two columns have one name"),
    ],
)
def test_what_has_no_content_hash_is_refused(data: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        content_hash(data)


def test_parts_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1]}), tmp_path / "part-0.parquet")
    pq.write_table(pa.table({"n": ["1"]}), tmp_path / "part-1.parquet")
    with pytest.raises(TypeError, match="column 'n' changes its type"):
        content_hash(tmp_path)
    pq.write_table(pa.table({"m": [1]}), tmp_path / "part-1.parquet")
    with pytest.raises(TypeError, match="differ in their columns"):
        content_hash(tmp_path)


def test_a_place_without_parts_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=rf"{tmp_path}.*Make the dataset"):
        content_hash(tmp_path)
    with pytest.raises(ValueError, match=r"nope://x.*Protocol not known"):
        content_hash("nope://x")
