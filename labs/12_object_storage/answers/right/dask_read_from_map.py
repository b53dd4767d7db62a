"""A task a week, with a file that does not read ahead."""

# pyright: reportReturnType=false

import dask.dataframe as dd
import fsspec
import pandas as pd
import pyarrow.parquet as pq


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:

    def read(week: str) -> pd.DataFrame:
        name = f"{url}/week={week}/part-0.parquet"
        with fsspec.open(name, cache_type="none") as file:
            return pq.read_table(file, columns=columns, partitioning=None).to_pandas()

    with fsspec.open(f"{url}/week={weeks[0]}/part-0.parquet", cache_type="none") as file:
        schema = pq.read_schema(file)
    meta = schema.empty_table().to_pandas()[columns]
    return dd.from_map(read, weeks, meta=meta)
