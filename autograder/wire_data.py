"""The wire's columns and arrays: numpy, pandas and Arrow values, as raw bytes and Arrow streams.

A frame travels as an Arrow table with one column for each level of its index and each of its
columns, beside their labels; pandas' own metadata is never read. Arrow data are validated in full
before they are used.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from autograder.wire import WireError

ARRAY_KINDS = "biufcmMU"
Blob = Callable[[bytes], int]
Fetch = Callable[[int], bytes]


def encode(value: Any, blob: Blob) -> tuple[str, Any]:
    """The tag and the plain content of a numpy, pandas or Arrow value; tag "plain" for a scalar."""
    if isinstance(value, pa.Table):
        return "table", blob(_stream(value.replace_schema_metadata(None)))
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
        return _read(fetch(content))
    if tag == "index":
        return _index(content, fetch)
    if tag == "array":
        dtype, shape, number = content
        return _decode_array(np.dtype(dtype), tuple(shape), fetch(number))
    if tag in ("frame", "series"):
        columns, labels, index = content
        rows = _index(index, fetch)
        arrays = _arrays(columns, fetch)
        if tag == "series":
            return pd.Series(arrays[0], index=rows, name=labels, copy=False)
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
    if isinstance(value, np.generic):
        return (
            value.item() if value.dtype.kind in "biufSU" else value.astype("datetime64[us]").item()
        )
    raise WireError(f"a {type(value).__name__} cannot leave the notebook: return plain values")


def _encode_array(value: np.ndarray, blob: Blob) -> tuple[str, Any]:
    if value.dtype.kind in ARRAY_KINDS:
        return "array", [value.dtype.str, list(value.shape), blob(value.tobytes())]
    raise WireError(
        f"an array of dtype {value.dtype} cannot leave the notebook: use numbers or text"
    )


def _decode_array(dtype: np.dtype, shape: tuple[int, ...], data: bytes) -> np.ndarray:
    if dtype.kind not in ARRAY_KINDS or dtype.hasobject:
        raise WireError(f"an array of dtype {dtype}")
    return np.frombuffer(data, dtype).reshape(shape).copy()


def _labels(index: pd.Index, blob: Blob) -> list[Any]:
    """An index as plain content: a range by its numbers, anything else by its levels' values."""
    if isinstance(index, pd.RangeIndex):
        return ["range", [index.start, index.stop, index.step], list(index.names)]
    levels = [index.get_level_values(i).to_series() for i in range(index.nlevels)]
    kind = "multi" if isinstance(index, pd.MultiIndex) else "values"
    return [kind, _columns(levels, blob), list(index.names)]


def _index(content: Any, fetch: Fetch) -> pd.Index:
    kind, values, names = content
    if kind == "range":
        return pd.RangeIndex(*values, name=names[0])
    arrays = _arrays(values, fetch)
    if kind == "multi":
        return pd.MultiIndex.from_arrays(arrays, names=names)
    return pd.Index(arrays[0], name=names[0])


def _columns(columns: list[pd.Series], blob: Blob) -> list[Any]:
    """Columns as one Arrow stream, and for each the dtype to restore where Arrow's default
    differs."""
    arrays = [_arrow(column) for column in columns]
    dtypes = [str(column.dtype) if column.dtype.kind == "O" else "" for column in columns]
    table = pa.table(arrays, names=[str(i) for i in range(len(arrays))])
    return [blob(_stream(table)), dtypes]


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
    table = _read(fetch(number))
    return [_series(column, dtype) for column, dtype in zip(table.columns, dtypes, strict=True)]


def _series(column: pa.ChunkedArray, dtype: str) -> Any:
    series = column.to_pandas()
    return series.astype(object).array if dtype == "object" else series.array


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _read(data: bytes) -> pa.Table:
    """Read an Arrow stream from bytes that are not trusted."""
    table = pa.ipc.open_stream(data).read_all()
    table.validate(full=True)
    if any(isinstance(f.type, pa.BaseExtensionType) for f in table.schema):
        raise WireError("an Arrow extension type in a message")
    return table.replace_schema_metadata(None)
