"""The wire's Arrow streams: tables of plain columns, read with suspicion.

A stream may claim much more than it holds: columns of nothing but nulls have no bytes at any
length, and a dictionary's long text can stand in every row. So a table is not only validated; its
types are a known few, and its rows are no more than its bytes could hold as numbers.
"""

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from autograder.wire import MAX_BYTES, WireError

MAX_ROWS = MAX_BYTES // 8
MAX_COLUMNS = 10_000
MAX_NESTED = 8
LEAVES = (
    types.is_null, types.is_boolean, types.is_integer, types.is_floating, types.is_decimal,
    types.is_date, types.is_time, types.is_timestamp, types.is_duration,
    types.is_string, types.is_large_string, types.is_binary, types.is_large_binary,
    types.is_fixed_size_binary,
)  # fmt: skip
LISTS = (types.is_list, types.is_large_list, types.is_fixed_size_list, types.is_map)


def write(table: pa.Table) -> memoryview:
    """A table as an Arrow stream, without its metadata."""
    for field in table.schema:
        _check_type(field.type, 0)
    bare = table.replace_schema_metadata(None)
    measure = pa.MockOutputStream()
    _stream(bare, measure)
    buffer = pa.allocate_buffer(measure.size())
    _stream(bare, pa.FixedSizeBufferWriter(buffer))
    return memoryview(buffer)


def _stream(table: pa.Table, sink: pa.NativeFile) -> None:
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


def read(data: memoryview) -> pa.Table:
    """Read an Arrow stream from bytes that are not trusted."""
    with pa.ipc.open_stream(data, options=pa.ipc.IpcReadOptions(use_threads=False)) as stream:
        if len(stream.schema) > MAX_COLUMNS:
            raise WireError(f"a table of more than {MAX_COLUMNS:,} columns")
        for field in stream.schema:
            _check_type(field.type, 0)
        table = stream.read_all()
    _check_rows(table.num_rows)
    table.validate(full=True)
    for column in table.columns:
        for chunk in column.chunks:
            _check_array(chunk)
    plain = pa.schema([field.remove_metadata() for field in table.schema])
    return pa.Table.from_arrays(table.columns, schema=plain)


def _check_type(kind: pa.DataType, depth: int) -> None:
    """Refuse a type that is none of the known few (views, unions, extensions, …)."""
    if depth > MAX_NESTED:
        raise WireError(f"an Arrow column is nested more than {MAX_NESTED} levels deep")
    if types.is_dictionary(kind):
        _check_type(kind.value_type, MAX_NESTED)
    elif types.is_struct(kind) or any(fits(kind) for fits in LISTS):
        for i in range(kind.num_fields):
            _check_type(kind.field(i).type, depth + 1)
    elif isinstance(kind, pa.BaseExtensionType) or not any(fits(kind) for fits in LEAVES):
        raise WireError(f"an Arrow column of type {str(kind)[:80]} cannot travel: cast it first")


def _check_array(array: pa.Array) -> None:
    """Refuse an array that would be much larger as plain values than as bytes."""
    _check_rows(len(array))
    kind = array.type
    if types.is_struct(kind):
        for i in range(kind.num_fields):
            _check_array(array.field(i))
    elif any(fits(kind) for fits in LISTS):
        _check_array(array.values)
    elif types.is_dictionary(kind):
        _check_dictionary(array)


def _check_dictionary(array: pa.DictionaryArray) -> None:
    """Refuse a column of categories whose texts, written out, are larger than a message may be."""
    kind = array.type.value_type
    if types.is_fixed_size_binary(kind):
        total = len(array) * kind.byte_width
    elif len(array) and (types.is_string(kind) or types.is_large_string(kind)):
        lengths = pc.call_function("binary_length", [array.dictionary])
        total = len(array) * (pc.call_function("max", [lengths]).as_py() or 0)
        if total > MAX_BYTES:
            total = pc.call_function("sum", [lengths.take(array.indices)]).as_py() or 0
    elif types.is_binary(kind) or types.is_large_binary(kind):
        raise WireError("an Arrow column of categories that are bytes")
    else:
        return
    if total > MAX_BYTES:
        raise WireError(f"a column of categories of {total:,} bytes when written out")


def _check_rows(count: int) -> None:
    if count > MAX_ROWS:
        raise WireError(f"more than {MAX_ROWS:,} rows")
