"""Values travel whole, arrive as plain types, and nothing malformed gets through."""

import datetime as dt
import math
from contextlib import suppress

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.wire import Ref, WireError, pack, unpack

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(max_size=40)
    | st.datetimes()
    | st.dates()
    | st.timedeltas()
)
keys = st.integers() | st.text() | st.tuples(st.text(), st.integers())
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(st.integers() | st.text(), max_size=4)
        | st.frozensets(st.integers(), max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_a_plain_value_comes_back_as_it_went(value):
    back = unpack(pack(value))
    assert back == value
    assert type(back) is type(value)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_message_are_refused_and_nothing_else(noise):
    with pytest.raises(WireError):
        unpack(b"\xff" + noise)


@given(values, st.data())
def test_a_damaged_message_is_refused_or_decodes_to_something_plain(value, data):
    message = bytearray(pack(value))
    place = data.draw(st.integers(0, len(message) - 1))
    message[place] ^= data.draw(st.integers(1, 255))
    with suppress(WireError):
        assert type(unpack(bytes(message))).__module__ in ("builtins", "datetime")


def test_special_floats_travel():
    nan, inf = unpack(pack([math.nan, -math.inf]))
    assert math.isnan(nan)
    assert inf == -math.inf


FRAMES = {
    "default index": pd.DataFrame({"a": [1, 2], "b": ["x", None]}),
    "named index": pd.DataFrame({"a": [1.5, 2.5]}, index=pd.Index(["x", "y"], name="zone")),
    "times": pd.DataFrame({"t": pd.date_range("2026-01-01", periods=3, freq="D", unit="us")}),
    "two levels": pd.DataFrame(
        {"n": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", "i"])
    ),
    "column levels": pd.DataFrame(
        [[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])
    ),
    "categories": pd.DataFrame({"c": pd.Categorical(["x", "y", "x"], ordered=True)}),
    "named columns": pd.DataFrame([[1, 2]], columns=pd.Index(["card", "cash"], name="payment")),
    "same label twice": pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "empty": pd.DataFrame({"a": pd.Series([], dtype="int64")}),
    "no columns": pd.DataFrame(index=pd.RangeIndex(3)),
    "range with a step": pd.DataFrame({"a": [1, 2]}, index=pd.RangeIndex(4, 8, 2)),
    "small types": pd.DataFrame({"a": np.array([1, 2], "int8"), "b": np.array([1, 2], "float32")}),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_keeps_its_index_labels_and_types(name):
    frame = FRAMES[name]
    pd.testing.assert_frame_equal(unpack(pack(frame)), frame, check_freq=False)


def test_series_index_table_and_arrays_travel():
    series = pd.Series([1, 2], index=["x", "y"], name="n")
    pd.testing.assert_series_equal(unpack(pack(series)), series)
    index = pd.date_range("2026-01-01", periods=2, name="day", unit="us")
    pd.testing.assert_index_equal(unpack(pack(index)), index.set_names("day"), exact=False)
    table = pa.table({"a": [1, None], "b": [["x"], []]})
    assert unpack(pack(table)) == table
    for array in (np.arange(6.0).reshape(2, 3), np.array(["a", "bc"]), np.array([True])):
        np.testing.assert_array_equal(unpack(pack(array)), array)


def test_scalars_and_subclasses_arrive_as_plain_types():
    class Sly(float):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = float.__hash__

    back = unpack(pack([np.float64(1.5), np.int8(3), np.bool_(True), pd.NaT, Sly(2.0)]))
    assert [type(x) for x in back] == [float, int, bool, type(None), float]
    assert unpack(pack(pd.Timestamp("2026-01-02"))) == dt.datetime(2026, 1, 2)


def test_a_reference_arrives_as_the_object_it_names():
    assert unpack(pack([Ref("f")]), {"f": len}) == [len]
    with pytest.raises(WireError, match="does not define `g`"):
        unpack(pack(Ref("g")), {"f": len})


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (len, "builtin_function_or_method"),
        ((i for i in ()), "generator"),
        (object(), "object"),
        (np.array([object()]), "dtype object"),
        ("\ud800", "surrogate"),
        ([1 << 20_000], "hexadecimal digits"),
        ([b""] * 10_000, "arrays or columns"),
        (np.array([1 + 2j])[0], "complex128"),
        (pa.table({"a": pa.array(["x"], pa.string_view())}), "string_view"),
    ],
)
def test_what_cannot_travel_is_named(value, named):
    with pytest.raises(WireError, match=named):
        pack(value)


def test_what_one_side_packs_the_other_takes():
    deep: dict = {}
    for _ in range(90):
        deep = {"inner": deep}
    for value in (deep, 1 << 13_900, [b"x"] * 9_999, np.timedelta64(3, "s"), np.longdouble(0.5)):
        assert unpack(pack(value)) == value


def test_a_series_that_arrived_may_be_written_to():
    series = unpack(pack(pd.Series([1.0, 2.0])))
    series.iloc[0] = 5.0
    assert series.tolist() == [5.0, 2.0]


def test_depth_is_capped_on_both_sides():
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(WireError, match="nested"):
        pack(deep)
    text = b"[" * 200_000
    message = (1).to_bytes(4, "big") + len(text).to_bytes(8, "big") + text
    with pytest.raises(WireError):
        unpack(message)


@pytest.mark.parametrize(
    "text",
    [
        '{"tuple": [], "tuple": []}',
        "NaN",
        '{"tuple": [], "x": 1}',
        '{"bytes": 1}',
        '"\\ud800"',
        '{"tuple": "ab"}',
        '{"dict": ["ab"]}',
        '{"timedelta": {"tuple": [1, 2, 3]}}',
        '{"int": 5}',
        "1" * 5_000,
    ],
)
def test_malformed_json_is_refused(text):
    data = text.encode()
    with pytest.raises(WireError):
        unpack((1).to_bytes(4, "big") + len(data).to_bytes(8, "big") + data)
