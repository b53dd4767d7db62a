"""A partition as the bytes of a file, and back."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

ROW_GROUPS = 8  # a Parquet file, or one a row where there are fewer
BATCH = 1 << 18  # rows read at a time


def encode(table: pa.Table, format: str) -> pa.Buffer:
    """The bytes of a file with these rows: parquet, csv with a header, or txt."""
    sink = pa.BufferOutputStream()
    if format == "parquet":
        size = max(1, -(-table.num_rows // ROW_GROUPS))
        coded: Any = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
        pq.write_table(table, sink, row_group_size=size, use_dictionary=coded, store_schema=False)
    elif format == "csv":
        pacsv.write_csv(decoded(table), sink)
    else:
        sink.write("".join(f"{line}\n" for line in table["line"].to_pylist()).encode())
    return sink.getvalue()


def decoded(table: pa.Table) -> pa.Table:
    """The same rows with plain strings in place of dictionary codes."""
    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def decode(file: Any, format: str, schema: pa.Schema | None) -> Iterator[pa.Table]:
    """The rows of an open file, some at a time, at least one table. ``schema``: for csv and txt."""
    if format == "parquet":
        parquet = pq.ParquetFile(file)
        yield parquet.schema_arrow.empty_table()
        for batch in parquet.iter_batches(BATCH):
            yield pa.Table.from_batches([batch])
    elif format == "csv":
        types = pacsv.ConvertOptions(column_types=schema, strings_can_be_null=False)
        yield pacsv.read_csv(file, convert_options=types)
    else:
        yield pa.table({"line": pa.array(file.read().decode().split("\n")[:-1], pa.string())})
