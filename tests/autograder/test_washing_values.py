"""What comes out of washing: values of exactly the plain types, and of no more than came in."""

import datetime as dt
import os
from collections.abc import Callable

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pytest

from autograder import wire
from autograder.judge import washing
from tests.autograder.messages import FRAME, Line, message, stream, walk

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="washing needs fork")
ATOMS = (type(None), bool, int, float, str, bytes, dt.datetime, dt.date, dt.timedelta)


def test_what_comes_out_is_of_exactly_the_plain_types(line: Line):
    class Sly(int):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = int.__hash__

    class Frame(pd.DataFrame):
        def equals(self, other: object) -> bool:  # type: ignore[override]  # noqa: ARG002
            return True

    class Text(str):
        __slots__ = ()

    class Words(list):
        pass

    moment = pd.Timestamp("2026-01-02T03:04:05")
    sent = [
        Sly(3), True, None, np.int8(1), np.float64(0.5), Text("a"), Words([Text("b")]), b"c",
        {Text("k"): {Sly(1)}, (1, 2): frozenset({2})}, moment, moment.date(),
        dt.timedelta(seconds=1), Frame(FRAME), FRAME["n"], FRAME.index, pa.table({"a": [1]}),
        np.arange(3), np.array(["x"]), np.array(["2026-01-01"], "M8[D]"),
    ]  # fmt: skip
    back = wire.unpack(washing.wash(wire.pack(sent), line))
    plain = (list, tuple, dict, set, frozenset, *ATOMS)
    data = (pd.DataFrame, pd.Series, pd.RangeIndex, pa.Table, np.ndarray)
    for value in walk(back):
        assert type(value) in (*plain, *data)
    assert type(back[0]) is int
    assert back[0] != 4
    frames = [value for value in back if isinstance(value, pd.DataFrame)]
    assert [type(frame) for frame in frames] == [pd.DataFrame]
    assert not frames[0].equals(FRAME.head(3))
    assert not frames[0].attrs
    assert {type(cell) for cell in frames[0]["zone"]} == {str}


def test_a_table_s_metadata_is_gone(line: Line):
    field = pa.field("a", pa.int64(), metadata={b"ARROW:extension:name": b"odd"})
    table = pa.table([[1]], schema=pa.schema([field], metadata={b"pandas": b"{}"}))
    back = wire.unpack(washing.wash(message(b'{"table": 1}', stream(table)), line))
    assert back.schema.metadata is None
    assert back.schema.field("a").metadata is None


def nulls(count: int) -> pa.Array:
    return pa.Array.from_buffers(pa.null(), count, [None])


def long_category() -> pa.Table:
    indices = pa.array(np.zeros(2**20, "int32"))
    return pa.table({"a": pa.DictionaryArray.from_arrays(indices, pa.array(["x" * 2**12]))})


def bomb() -> bytes:
    table = pa.table({"a": np.zeros(2**28, "int8")})
    return stream(table, pa.ipc.IpcWriteOptions(compression="zstd"))


TOO_MUCH: dict[str, Callable[[], bytes]] = {
    "rows of nothing": lambda: stream(pa.table({"a": nulls(2**31 - 1)})),
    "batches of nothing": lambda: stream(pa.table({"a": pa.chunked_array([nulls(2**24)] * 9)})),
    "lists of nothing": lambda: stream(
        pa.table({"a": pa.ListArray.from_arrays(pa.array([0, 2**30], pa.int32()), nulls(2**30))})
    ),
    "a long category in every row": lambda: stream(long_category()),
    "a compressed bomb": bomb,
    "views of one long text": lambda: stream(pa.table({"a": pa.array(["x"], pa.string_view())})),
    "an extension": lambda: stream(pa.table({"a": pa.array([b"x" * 16], pa.uuid())})),
    "a union": lambda: stream(
        pa.table({"a": pa.UnionArray.from_sparse(pa.array([0], "i1"), [pa.array([1])])})
    ),
    "deep types": lambda: stream(pa.table({"a": pa.array([], nest(20))})),
    "many columns": lambda: stream(pa.table([[1]] * 10_001, names=["a"] * 10_001)),
}


def nest(depth: int) -> pa.DataType:
    return pa.list_(nest(depth - 1)) if depth else pa.int64()


@pytest.mark.parametrize("name", TOO_MUCH)
@pytest.mark.parametrize("tag", [b'{"table": 1}', b'{"index": ["values", [1, [""]], [null]]}'])
def test_a_stream_that_claims_more_than_it_holds_is_refused(line: Line, name: str, tag: bytes):
    before = psutil.Process().memory_info().rss
    forged = message(tag, TOO_MUCH[name]())
    with pytest.raises(wire.WireError):
        washing.wash(forged, line)
    assert psutil.Process().memory_info().rss - before < 2**28


def test_odd_truth_values_and_characters_do_not_arrive(line: Line):
    truth = message(b'{"array": ["|b1", [2], 1]}', b"\x02\x00")
    assert wire.unpack(washing.wash(truth, line)).view("u1").tolist() == [1, 0]
    for points in (0x110000, 0xD800, 2**32 - 1):
        text = message(b'{"array": ["<U1", [1], 1]}', points.to_bytes(4, "little"))
        with pytest.raises(wire.WireError):
            washing.wash(text, line)
