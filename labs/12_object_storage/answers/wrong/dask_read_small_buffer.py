"""Reads a column through a buffer of 4 kB, in order to hold little: each filling is a request.

caught_by: test_dask_read_is_content_with_few_bytes
hint: Too many requests
"""

# pyright: reportReturnType=false

import dask.dataframe as dd
import fsspec
import pandas as pd
import pyarrow.parquet as pq


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    def read(week: str) -> pd.DataFrame:
        name = f"{url}/week={week}/part-0.parquet"
        with fsspec.open(name, cache_type="none") as file:
            little = pq.ParquetFile(file, buffer_size=4096, pre_buffer=False)
            return little.read(columns=columns).to_pandas()

    meta = dd.read_parquet(f"{url}/week={weeks[0]}/part-0.parquet")._meta[columns]
    return dd.from_map(read, weeks, meta=meta)
