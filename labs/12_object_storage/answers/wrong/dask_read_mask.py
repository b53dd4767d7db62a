"""Compares the week after reading: all files are opened.

caught_by: test_dask_read_gives_the_weeks_in_order
hint: One partition a week
"""

# pyright: reportReturnType=false

import dask.dataframe as dd


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    table = dd.read_parquet(url)
    return table[table["week"].isin(weeks)][columns]
