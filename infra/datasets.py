"""Generated tables, the same on every machine, at any size, at any fsspec URL."""

import json
import uuid
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from infra import trips

TABLES = {"trips": trips}
MANIFEST = "_outgrow.json"


def partition(table: str, index: int, *, rows: int, partitions: int, seed: int = 0) -> pa.Table:
    """Partition ``index`` of a table that has ``rows`` rows in ``partitions`` partitions."""
    return _encoded(table, index, rows, partitions, seed).cast(TABLES[table].SCHEMA)


def _encoded(table: str, index: int, rows: int, partitions: int, seed: int) -> pa.Table:
    first, last = rows * index // partitions, rows * (index + 1) // partitions
    return TABLES[table].generate(seed, index, first, last - first)


def make(
    table: str, url: str, *, rows: int, partitions: int, seed: int = 0, format: str = "parquet"
) -> str:
    """Write a table to ``url``, one file a partition, unless it is there already."""
    fs, root = fsspec.core.url_to_fs(str(url))
    wanted = {
        "table": table,
        "rows": rows,
        "partitions": partitions,
        "seed": seed,
        "format": format,
    }
    manifest = f"{root}/{MANIFEST}"
    if fs.exists(manifest) and json.loads(fs.cat_file(manifest)) == wanted:
        return str(url)
    fs.makedirs(root, exist_ok=True)
    for index in range(partitions):
        part = _encoded(table, index, rows, partitions, seed)
        _write(fs, f"{root}/part-{index:05}.{format}", part, format)
    fs.pipe_file(manifest, json.dumps(wanted).encode())
    return str(url)


def _write(fs: Any, path: str, part: pa.Table, format: str) -> None:
    draft = f"{path}.{uuid.uuid4().hex}"
    with fs.open(draft, "wb") as file:
        if format == "csv":
            pyarrow.csv.write_csv(part.cast(trips.SCHEMA), file)
        else:
            size = max(1, -(-part.num_rows // 8))
            pq.write_table(part, file, row_group_size=size, store_schema=False)
    fs.mv(draft, path)
