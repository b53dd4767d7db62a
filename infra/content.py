"""Hash what a table says, not how a file says it.

Two writers, or two versions of one, give different Parquet bytes for the same rows. The content
hash looks at the rows only. For each column, in the order of the names, SHA-256 takes in the type,
the values, and the positions of the missing ones:

=============  ==========================================================================
integer        little-endian, in the width of its type (int32 and int64 differ)
float          little-endian IEEE 754; NaN counts as missing; -0.0 differs from 0.0
bool           one byte a value
string, binary the bytes of all values one after the other, and each one's length as int64
timestamp      whole seconds since 1970 as int64, and nanoseconds as int64: any unit agrees
date           days since 1970 as int64
=============  ==========================================================================

A missing value stands as zero or as nothing among the values. Chunks, row groups, compression,
dictionary encoding (pandas: categories), large or small offsets, the order of the columns and the
unnamed index of a frame make no difference. The order of the rows does: sort first where it is
not meant.
"""

import hashlib
from collections.abc import Iterator
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

NANOSECONDS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


def content_hash(data: "pa.Table | pd.DataFrame | str | PathLike[str]") -> str:
    """The hash of a table's content, 64 hexadecimal digits.

    ``data`` is an Arrow table, a pandas frame, or the URL of a dataset (a folder that ``make``
    filled, any folder of Parquet parts, or one Parquet file). The three agree for the same rows.

    Raises TypeError for other data and for column types not in the list above, and
    FileNotFoundError where the URL holds no parts.

    >>> content_hash(pa.table({"n": [1, 2]})) == content_hash(pa.table({"n": [2, 1]}))
    False
    """
    tables = _tables(data)
    first = next(tables)
    columns = {field.name: _Column(field) for field in first.schema}
    if len(columns) != first.num_columns:
        raise TypeError(f"content_hash: two columns have one name: {first.column_names}.")
    for table in _chain(first, tables):
        for name, column in columns.items():
            column.add(table[name])
    whole = hashlib.sha256()
    for name in sorted(columns):
        whole.update(columns[name].digest())
    return whole.hexdigest()


def _tables(data: Any) -> Iterator[pa.Table]:
    if isinstance(data, pa.Table):
        return iter([data])
    if isinstance(data, str | PathLike):
        from infra.parts import read

        return read(str(data))
    if hasattr(data, "columns") and hasattr(data, "index") and hasattr(data, "to_numpy"):
        return iter([_from_pandas(data)])
    raise TypeError(
        f"content_hash: cannot read {type(data).__name__}. "
        "Give a pyarrow Table, a pandas DataFrame or a URL (call .compute() on a lazy frame)."
    )


def _from_pandas(frame: "pd.DataFrame") -> pa.Table:
    """Named index levels are content; an unnamed index is not."""
    named = [name for name in frame.index.names if name is not None]
    frame = frame.reset_index(level=named) if named else frame
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise TypeError(f"content_hash: a column mixes types: {error}") from error


def _chain(first: pa.Table, rest: Iterator[pa.Table]) -> Iterator[pa.Table]:
    yield first
    for table in rest:
        if sorted(table.column_names) != sorted(first.column_names):
            raise TypeError(
                f"content_hash: the parts differ in their columns: {first.column_names} "
                f"and {table.column_names}."
            )
        yield table


class _Column:
    """The running hash of one column, fed chunk by chunk."""

    def __init__(self, field: pa.Field) -> None:
        self.name, self.kind = field.name, _kind(field)
        self.rows = 0
        self.streams = [hashlib.sha256() for _ in range(3)]  # values, more, missing

    def add(self, column: pa.ChunkedArray) -> None:
        for chunk in column.chunks:
            if _kind(pa.field(self.name, chunk.type)) != self.kind:
                raise TypeError(f"content_hash: column {self.name!r} changes its type.")
            self._add(_plain(chunk))

    def _add(self, chunk: pa.Array) -> None:
        missing = np.flatnonzero(chunk.is_null(nan_is_null=True).to_numpy(zero_copy_only=False))
        if missing.size:
            self.streams[2].update((missing + self.rows).astype("<i8").data)
            chunk = chunk.fill_null(_nothing(chunk.type))
        for stream, buffer in zip(self.streams, _buffers(chunk), strict=False):
            stream.update(buffer)
        self.rows += len(chunk)

    def digest(self) -> bytes:
        head = f"{self.name}\0{self.kind}\0{self.rows}\0".encode()
        return hashlib.sha256(head + b"".join(s.digest() for s in self.streams)).digest()


def _kind(field: pa.Field) -> str:
    """The type's name in the hash: equal for types that say the same."""
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        return str(kind)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "string"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return "binary"
    if pa.types.is_timestamp(kind):
        return "timestamp" if kind.tz is None else "timestamp, UTC"
    if pa.types.is_date(kind):
        return "date"
    raise TypeError(f"content_hash: column {field.name!r} is {kind}, which has no content hash.")


def _plain(chunk: pa.Array) -> pa.Array:
    """Decoded, and with 64-bit offsets where it has offsets."""
    if pa.types.is_dictionary(chunk.type):
        chunk = chunk.dictionary_decode()
    kind = _kind(pa.field("", chunk.type))
    large = {"string": pa.large_string(), "binary": pa.large_binary(), "date": pa.date32()}
    return chunk.cast(large[kind]) if kind in large else chunk


def _nothing(kind: pa.DataType) -> pa.Scalar:
    if pa.types.is_large_string(kind):
        return pa.scalar("", kind)
    if pa.types.is_large_binary(kind):
        return pa.scalar(b"", kind)
    return pa.scalar(False if pa.types.is_boolean(kind) else 0, kind)


def _buffers(chunk: pa.Array) -> list[Any]:
    """The chunk's values, none of them missing but by NaN, as little-endian buffers."""
    kind = chunk.type
    if pa.types.is_large_string(kind) or pa.types.is_large_binary(kind):
        _, offsets, text = chunk.buffers()
        ends = np.frombuffer(offsets, "<i8", len(chunk) + 1, 8 * chunk.offset)
        return [text[ends[0] : ends[-1]] if text else b"", np.diff(ends).data]
    if pa.types.is_timestamp(kind):
        ticks, second = chunk.view(pa.int64()).to_numpy(), 10**9 // NANOSECONDS[kind.unit]
        whole = ticks // second
        rest = (ticks - whole * second) * NANOSECONDS[kind.unit]
        return [whole.astype("<i8").data, rest.astype("<i8").data]
    values = chunk.to_numpy(zero_copy_only=False)
    if pa.types.is_date32(kind):
        values = values.astype("datetime64[D]").astype(np.int64)
    if pa.types.is_floating(kind):
        values = np.where(np.isnan(values), values.dtype.type(0), values)
    return [np.ascontiguousarray(values, values.dtype.newbyteorder("<")).data]
