"""A task a week, with pandas: it takes `columns=`, and reads ahead over all of them.

caught_by: test_dask_read_is_content_with_few_bytes
hint: Too many bytes came
"""

# pyright: reportReturnType=false

import dask.dataframe as dd
import pandas as pd


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    names = [f"{url}/week={week}/part-0.parquet" for week in weeks]
    meta = dd.read_parquet(names[0])._meta[columns]
    return dd.from_map(pd.read_parquet, names, columns=columns, meta=meta)
