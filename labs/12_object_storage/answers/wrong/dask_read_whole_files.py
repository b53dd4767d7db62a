"""Fetches whole files, and takes the columns out of them.

caught_by: test_dask_read_is_content_with_few_bytes
hint: Too many bytes came
"""

# pyright: reportReturnType=false

import dask.dataframe as dd
import fsspec
import pandas as pd


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    import io

    def read(week: str) -> pd.DataFrame:
        files, name = fsspec.url_to_fs(f"{url}/week={week}/part-0.parquet")
        return pd.read_parquet(io.BytesIO(files.cat_file(name)), columns=columns)

    meta = dd.read_parquet(f"{url}/week={weeks[0]}/part-0.parquet")._meta[columns]
    return dd.from_map(read, weeks, meta=meta)
