"""Reads the files here, and cuts the table into partitions.

caught_by: test_dask_read_leaves_the_rows_to_the_tasks
hint: read while the plan was made
"""

# pyright: reportReturnType=false

import dask.dataframe as dd
import fsspec
import pyarrow.parquet as pq


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    parts = []
    for week in weeks:
        with fsspec.open(f"{url}/week={week}/part-0.parquet", cache_type="none") as file:
            table = pq.read_table(file, columns=columns, partitioning=None)
        parts.append(dd.from_pandas(table.to_pandas(), npartitions=1, sort=False))
    return dd.concat(parts)
