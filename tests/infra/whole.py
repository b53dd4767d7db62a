"""A generated table in one piece."""

import pyarrow as pa

from infra import partition


def whole(table: str, **size: int) -> pa.Table:
    parts = [partition(table, index, **size) for index in range(size["partitions"])]
    return pa.concat_tables(parts)
