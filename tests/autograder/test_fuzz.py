"""Thousands of messages as no honest notebook sends them: the judge refuses, or gets a plain value.

Each goes the way of a real answer: washed by a worker, decoded, and shown as a student would read
it. Nothing but WireError may come out of that, and the judge must not grow.
"""

import json
import os
import random
import warnings
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import wire
from autograder.judge import washing
from autograder.judge.plugin import show
from autograder.judge.student import Student
from autograder.testing import StudentError
from tests.autograder.messages import Line, message, stream, walk
from tests.autograder.test_wire import values

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="washing needs fork")
GROWTH = 256 * 2**20
LINE = Line()
SEEN: list[bool] = []
MANY = settings(max_examples=300, deadline=None)


@pytest.fixture(scope="module", autouse=True)
def _judge_stays_small() -> Iterator[None]:
    receive(wire.pack([HONEST["frame"], "warm"]))
    SEEN.clear()
    before = psutil.Process().memory_info().rss
    yield
    assert len(SEEN) >= 5_000
    assert 0.05 < sum(SEEN) / len(SEEN) < 0.95  # neither was all refused nor all let through
    assert psutil.Process().memory_info().rss - before < GROWTH


def receive(sent: bytes) -> Any:
    """What the judge makes of a message; None if it is refused."""
    SEEN.append(False)
    try:
        value = wire.unpack(washing.wash(sent, LINE))
    except wire.WireError:
        return None
    SEEN[-1] = True
    with warnings.catch_warnings():  # as in the judge's session
        warnings.simplefilter("ignore")
        assert len(show(value)) < 100_000
    for part in walk(value):
        _is_plain(part)
    return value


PLAIN = {"builtins", "datetime"}
DATA = (pd.DataFrame, pd.Series, pd.Index, pa.Table, np.ndarray)


def _is_plain(part: Any) -> None:
    kind = type(part)
    assert kind.__module__ in PLAIN or isinstance(part, DATA)
    if isinstance(part, DATA):
        assert kind.__module__.split(".")[0] in ("pandas", "numpy", "pyarrow")
        assert len(part) <= 2**28
    if isinstance(part, np.ndarray):
        assert part.dtype.kind in "biufcmMU"
    if isinstance(part, pd.DataFrame | pd.Series | pd.Index):
        assert not getattr(part, "attrs", {})


HONEST: dict[str, Any] = {
    "frame": pd.DataFrame(
        {
            "n": np.arange(20),
            "x": np.linspace(0, 1, 20),
            "zone": [f"Z{i:03}" for i in range(20)],
            "gap": [None, "text"] * 10,
            "day": pd.date_range("2026-01-01", periods=20),
            "kind": pd.Categorical(["card", "cash"] * 10),
            "flag": [True, False] * 10,
        }
    ),
    "two levels": pd.DataFrame(
        {"n": [1, 2, 3]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2), ("b", 3)])
    ),
    "series": pd.Series([1.5, None, 2.5], index=["x", "y", "z"], name="s"),
    "index": pd.Index([3, 1, 2], name="i"),
    "table": pa.table(
        {
            "list": [[1], [2, 3], None],
            "struct": [{"a": 1, "b": "x"}, None, {"a": 3, "b": None}],
            "bytes": [b"x", None, b""],
            "dict": pa.array(["u", "v", "u"]).dictionary_encode(),
            "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
            "decimal": pa.array([1, 2, None], pa.decimal128(5)),
            "time": pa.array([1, 2, 3], pa.timestamp("s", "UTC")),
        }
    ),
    "array": np.arange(24.0).reshape(2, 3, 4),
    "texts": np.array(["a", "bcd", ""]),
    "times": np.array(["2026-01-01", "NaT"], "M8[ns]"),
    "truth": np.array([True, False]),
    "plain": {"a": [1, (2.5, None)], ("k", 1): {frozenset({1}), "x"}, "big": 2**100, "b": b"blob"},
}
MESSAGES = {name: wire.pack(value) for name, value in HONEST.items()}


@MANY
@given(values)
def test_a_plain_value_comes_back_as_it_went(value: Any):
    assert receive(wire.pack(value)) == value


@MANY
@given(st.sampled_from(sorted(MESSAGES)), st.data())
def test_a_message_that_was_tampered_with(name: str, data: st.DataObject):
    sent = bytearray(MESSAGES[name])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(sent) - 1))
        sent[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    receive(bytes(sent))


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def _splice(data: bytearray, rng: random.Random) -> None:
    start, size = rng.randrange(len(data)), rng.randint(1, 32)
    data[start:start] = data[rng.randrange(len(data)) :][:size]


def _overwrite(data: bytearray, rng: random.Random) -> None:
    """A number where offsets, lengths and counts stand: 0, 1, -1, or a large one."""
    start = rng.randrange(0, max(1, len(data) - 8), 4)
    number = rng.choice([0, 1, 2**31 - 1, 2**32 - 1, 2**40, 2**62, 2**64 - 1, len(data)])
    width = rng.choice([4, 8])
    data[start : start + width] = (number % 2 ** (8 * width)).to_bytes(width, "little")


HARMS = (_flip, _cut, _splice, _overwrite)


@pytest.mark.parametrize("name", MESSAGES)
def test_damaged_messages(name: str):
    rng = random.Random(name)
    for _ in range(300):
        damaged = bytearray(MESSAGES[name])
        rng.choice(HARMS)(damaged, rng)
        receive(bytes(damaged))


def blobs_of(sent: bytes) -> tuple[bytes, list[bytes]]:
    text, *blobs = map(bytes, wire._parts(sent))
    return text, blobs


@pytest.mark.parametrize("name", ["frame", "two levels", "series", "index", "table"])
@pytest.mark.parametrize("harm", HARMS)
def test_damaged_arrow_streams_in_whole_messages(name: str, harm: Any):
    rng = random.Random(f"{name} {harm.__name__}")
    text, blobs = blobs_of(MESSAGES[name])
    for _ in range(200):
        harmed = [bytearray(blob) for blob in blobs]
        harm(rng.choice(harmed), rng)
        receive(message(text, *map(bytes, harmed)))


@pytest.mark.parametrize("codec", ["lz4", "zstd"])
def test_damaged_compressed_streams(codec: str):
    rng = random.Random(codec)
    whole = stream(HONEST["table"], pa.ipc.IpcWriteOptions(compression=codec))
    assert receive(message(b'{"table": 1}', whole)) == HONEST["table"]
    for _ in range(600):
        damaged = bytearray(whole)
        rng.choice(HARMS)(damaged, rng)
        receive(message(b'{"table": 1}', bytes(damaged)))


TAGS = (
    "int", "float", "tuple", "set", "frozenset", "dict", "datetime", "date", "timedelta", "bytes",
    "ref", "table", "index", "array", "frame", "series", "pickle", "",
)  # fmt: skip
JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1, 2, 10**18, 2**70, 1.5, 1e308, "", "x", "1", "\0", "0x" + "f" * 4000,
    "nan",
    "infinity", "١٢", [], {}, [[]], [None], [[], []], [[1, 2]], [[[], 1]], ["ab"],
    [{"set": []}, 1],
    {"tuple": []}, {"bytes": 1}, {"bytes": 2}, {"array": ["<i8", [1], 1]}, {"pickle": 1},
    [[{"dict": []}, 1]], [{"dict": []}], [1, 2, 3], [10**9, 0, 0], [999999999, 86399, 10**9],
    [2**70, 0, 0], [1.5, 2.5, 1e300], [{"float": "nan"}, 0, 0], ["a", "b", "c"],
    ["range", [0, 10**18, 1], [None]], ["range", [0, 10**30, 1], [None]],
    ["range", [0, 1, 0], [None]],
    ["range", [0, 5, 1], []], ["range", [0, 5, 1], [[]]], ["range", [0.5, 5, 1], [None]],
    ["range", "abc", [None]], ["values", [1, [""]], [None]], ["multi", [1, [""]], [None]],
    ["<i8", [1], 1], ["<i8", [2**40], 1], ["<i8", [2**40, 0], 1], ["<i8", [-1], 1],
    ["<i8", ["1"], 1],
    ["<i8", [[1]], 1], ["<i8", [True], 1], ["<i8", [1] * 100, 1], ["<i8", 1, 1], ["<i8", [1], 0],
    ["O", [1], 1], ["|O8", [1], 1], ["V9999999999", [1], 1], ["|V8", [1], 1],
    ["M8[generic]", [1], 1],
    ["<M8[0s]", [1], 1], ["<M8[999999999Y]", [1], 1], ["<U0", [1], 1], ["<U999999", [1], 1],
    ["<f16", [1], 1], ["i4,i4", [1], 1], ["(2,)i4", [1], 1], [{"tuple": []}, [1], 1],
    [None, [1], 1],
    [["<i8"], [1], 1], ["|S8", [1], 1], ["datetime64", [1], 1], ["<i8", [1], {"bytes": 1}],
    [[1, [""]], ["range", [0, 1, 1], [None]], ["range", [0, 1, 1], [None]]],
    [[1, ["object"]], "name", ["range", [0, 1, 1], [None]]], [[1, []], None, []], [[], [], []],
    [[1, [""]], {"dict": []}, ["range", [0, 1, 1], [None]]], [[1, ""], None, None],
    "2026-01-01", "2026-13-01", "0000-00-00", "9999-12-31T23:59:59.999999+23:59", "2026-W01-1",
    "2026-01-01T00:00:00+99:99", "x" * 10_000, [0] * 10_000,
)  # fmt: skip


@pytest.mark.parametrize("tag", TAGS)
def test_each_tag_with_each_content(tag: str):
    for junk in JUNK:
        text = json.dumps({tag: junk}).encode()
        receive(message(text))
        receive(message(text, b"12345678"))
    for content in JUNK[:40]:
        receive(message(json.dumps([{tag: content}] * 2).encode(), stream(HONEST["table"])))


NOT_JSON = (
    b"[" * 200_000, b'{"tuple":' * 100_000, b"[" * 200_000 + b"]" * 200_000, b"NaN", b"Infinity",
    b"-Infinity", b"1" * 5_000, b"1e999999", b'"\\ud800"', b'"\xff"', b"\xef\xbb\xbf1", b"", b" ",
    b'{"set": [1], "set": [2]}', b'{"": 1, "a": 2}', b"{}", b"[1,]", b"'a'", b'"\n"', b"1 2",
    b"nul",
    b'{"a": 1}' * 1000, b"\x00" * 1000, b'"' + b"\\u0000" * 1000 + b'"',
    b"[" + b"0," * 10**6 + b"0]",
    b'{"dict": [' + b"[1,1]," * 10**5 + b"[1,1]]}", b"-0", b"1E400", b'{"bytes": 1e0}',
)  # fmt: skip


def test_texts_that_are_no_message():
    for text in NOT_JSON:
        receive(message(text))
        receive(message(text, b"blob"))


def test_envelopes_that_do_not_add_up():
    honest = MESSAGES["plain"]
    for count, size in product((0, 1, 2, 9_999, 2**31, 2**32 - 1), (0, 5, 2**63)):
        head = wire.COUNT.pack(count) + wire.LENGTH.pack(size)
        for rest in (b"", b"x" * 5, honest):
            receive(head + rest)
    for size in range(0, len(honest), 3):
        receive(honest[:size])
        receive(honest[size:])
    receive(wire.COUNT.pack(10_001) + wire.LENGTH.pack(0) * 10_001)


def test_each_ends_in_a_verdict():
    """Through the judge's `student`: a value for the test, or the student's own error."""
    rng, line, ended = random.Random(7), Line(), 0
    student = Student(line)
    for name in sorted(MESSAGES) * 12:
        damaged = bytearray(wire.pack({"value": HONEST[name]}))
        rng.choice(HARMS)(damaged, rng)
        line.answer = bytes(damaged)
        with suppress(StudentError):
            show(student.f())
            ended += 1
    for answer in ([], {"value": 1, "error": 2}, {"error": [1]}, {"error": {"kind": 5}}, {}, None):
        line.answer = wire.pack(answer)
        with pytest.raises(StudentError):
            student.f()
    assert ended < 12 * len(MESSAGES)
