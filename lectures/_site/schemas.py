"""The tables that `infra` generates, as Markdown: read from their modules."""

import inspect

import pyarrow as pa

from infra import partition
from infra.tables import TABLES

_ROWS = 100


def schemas() -> str:
    """For each table what it is, its columns with types and an example, and its formats."""
    return "\n\n".join(part for name in TABLES for part in _table(name))


def _table(name: str) -> list[str]:
    module = TABLES[name]
    about = (inspect.getdoc(module) or "").partition(": ")[2] or inspect.getdoc(module) or ""
    sample = partition(name, 0, rows=_ROWS, partitions=1)
    rows = ["| Column | Type | For example |", "|---|---|---|"]
    for field in module.SCHEMA:
        rows.append(f"| `{field.name}` | {field.type} | {_example(sample[field.name])} |")
    formats = " and ".join(f"`{each}`" for each in module.FORMATS)
    return [
        f"### `{name}`",
        about[:1].upper() + about[1:],
        "\n".join(rows),
        f"Formats: {formats}. `outgrow data make {name} data/{name}`",
    ]


def _example(column: pa.ChunkedArray) -> str:
    value = column[_ROWS // 2].as_py()
    text = f"`{value:,}`" if isinstance(value, int) else f"`{value}`"
    return text.replace("|", "&#124;")
