"""The wire's columns and arrays: numpy, pandas and Arrow values, as raw bytes and Arrow streams.

A frame travels as an Arrow table with one column for each level of its index and each of its
columns, beside their labels; pandas' own metadata is never read. What arrives is rebuilt from
numbers and text: whatever else its bytes could mean to numpy is refused or made plain.
"""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from autograder import wire_arrow
from autograder.wire import MAX_BYTES, WireError

DTYPE = re.compile(
    r"\|b1|[<>|][iu][1248]|[<>]f[248]|[<>]c(8|16)|[<>]U[1-9]\d{0,5}"
    r"|[<>][mM]8\[\d{0,6}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\]"
)
Blob = Callable[[bytes | memoryview], int]
Fetch = Callable[[int], memoryview]


def encode(value: Any, blob: Blob) -> tuple[str, Any]:
    """The tag and the plain content of a numpy, pandas or Arrow value; tag "plain" for a scalar."""
    if isinstance(value, pa.Table):
        return "table", blob(wire_arrow.write(value))
    if isinstance(value, pd.DataFrame):
        columns = [value.iloc[:, i] for i in range(value.shape[1])]
        return "frame", [
            _columns(columns, blob),
            _labels(value.columns, blob),
            _labels(value.index, blob),
        ]
    if isinstance(value, pd.Series):
        return "series", [_columns([value], blob), value.name, _labels(value.index, blob)]
    if isinstance(value, pd.Index):
        return "index", _labels(value, blob)
    if isinstance(value, np.ndarray):
        return _encode_array(value, blob)
    return "plain", _scalar(value)


def decode(tag: str, content: Any, fetch: Fetch) -> Any:
    """Build the value that `encode` took apart."""
    if tag == "table":
        return wire_arrow.read(fetch(content))
    if tag == "index":
        return _index(content, fetch)
    if tag == "array":
        dtype, shape, number = content
        return _decode_array(_dtype(dtype), _shape(shape), fetch(number))
    if tag in ("frame", "series"):
        columns, labels, index = content
        rows = _index(index, fetch)
        arrays = _arrays(columns, fetch)
        if tag == "series":
            return pd.Series(arrays[0], index=rows, name=labels, copy=True)
        frame = pd.DataFrame(dict(enumerate(arrays)), index=rows)
        frame.columns = _index(labels, fetch)
        return frame
    raise WireError(f"a message has an unknown tag {tag!r}")


def _scalar(value: Any) -> Any:
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp | pd.Timedelta):
        return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value.to_pytimedelta()
    if isinstance(value, pa.Scalar):
        return value.as_py()
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[us]").item()
    if isinstance(value, np.timedelta64):
        return value.astype("timedelta64[us]").item()
    if isinstance(value, np.floating):
        return float(value)
    if isinstance(value, np.generic) and value.dtype.kind in "biuSU":
        return value.item()
    raise WireError(f"a {type(value).__name__} cannot leave the notebook: return plain values")


def _encode_array(value: np.ndarray, blob: Blob) -> tuple[str, Any]:
    if DTYPE.fullmatch(value.dtype.str):
        return "array", [value.dtype.str, list(value.shape), blob(_bytes(value))]
    raise WireError(
        f"an array of dtype {value.dtype} cannot leave the notebook: use numbers or text"
    )


def _bytes(array: np.ndarray) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view("u1").data


def _dtype(name: Any) -> np.dtype:
    if type(name) is not str or not DTYPE.fullmatch(name):
        raise WireError(f"an array of dtype {str(name)[:40]!r}")
    return np.dtype(name)


def _shape(sizes: Any) -> tuple[int, ...]:
    """An array's shape; one with a side of 0 may not be endless in another."""
    if type(sizes) is not list or any(type(size) is not int or size < 0 for size in sizes):
        raise WireError("an array without a shape")
    if math.prod(max(size, 1) for size in sizes) > MAX_BYTES:
        raise WireError("an array of more elements than can travel")
    return tuple(sizes)


def _decode_array(dtype: np.dtype, shape: tuple[int, ...], data: memoryview) -> np.ndarray:
    array = np.frombuffer(data, dtype).reshape(shape)
    if dtype.kind == "b":
        return array.view("u1") != 0  # a truth value of 2 would count as two
    if dtype.kind == "U":
        points = np.frombuffer(data, dtype.str[0] + "u4")
        if np.any((points > 0x10FFFF) | ((points >= 0xD800) & (points < 0xE000))):
            raise WireError("an array of text holds what is no character")
    return array.copy()


def _labels(index: pd.Index, blob: Blob) -> list[Any]:
    """An index as plain content: a range by its numbers, anything else by its levels' values."""
    if isinstance(index, pd.RangeIndex):
        return ["range", [index.start, index.stop, index.step], list(index.names)]
    levels = [index.get_level_values(i).to_series() for i in range(index.nlevels)]
    kind = "multi" if isinstance(index, pd.MultiIndex) else "values"
    return [kind, _columns(levels, blob), list(index.names)]


def _index(content: Any, fetch: Fetch) -> pd.Index:
    kind, values, names = content
    if type(kind) is not str or type(names) is not list:
        raise WireError("an index without a kind or names")
    if kind == "range":
        return pd.RangeIndex(_range(values), name=names[0])
    arrays = _arrays(values, fetch)
    if kind == "multi":
        return pd.MultiIndex.from_arrays(arrays, names=names)
    return pd.Index(arrays[0], name=names[0])


def _range(numbers: Any) -> range:
    if type(numbers) is not list or any(type(number) is not int for number in numbers):
        raise WireError("a range without its numbers")
    steps = range(*numbers)
    if len(steps) > wire_arrow.MAX_ROWS:
        raise WireError(f"a range of more than {wire_arrow.MAX_ROWS:,} rows")
    return steps


def _columns(columns: list[pd.Series], blob: Blob) -> list[Any]:
    """Columns as one Arrow stream, and for each the dtype to restore where Arrow's default
    differs."""
    arrays = [_arrow(column) for column in columns]
    dtypes = ["object" if column.dtype == object else "" for column in columns]
    table = pa.table(arrays, names=[str(i) for i in range(len(arrays))])
    return [blob(wire_arrow.write(table)), dtypes]


def _arrow(column: pd.Series) -> pa.Array:
    try:
        array = pa.array(column, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError) as error:
        fact = f"the column {column.name!r} ({column.dtype}) cannot leave the notebook: {error}"
        raise WireError(fact) from None
    if isinstance(array, pa.ChunkedArray):
        return array.combine_chunks()
    if isinstance(array.type, pa.BaseExtensionType):
        raise WireError(f"the column {column.name!r} ({column.dtype}) cannot leave the notebook")
    return array


def _arrays(content: Any, fetch: Fetch) -> list[Any]:
    number, dtypes = content
    if type(dtypes) is not list or any(dtype not in ("", "object") for dtype in dtypes):
        raise WireError("columns without their types")
    table = wire_arrow.read(fetch(number))
    return [_series(column, dtype) for column, dtype in zip(table.columns, dtypes, strict=True)]


def _series(column: pa.ChunkedArray, dtype: str) -> Any:
    series = column.to_pandas()
    return series.astype(object).array if dtype == "object" else series.array
