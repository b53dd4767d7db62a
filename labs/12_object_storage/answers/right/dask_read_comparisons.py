"""Filters from the first to the last of the weeks, and one by one between."""

# pyright: reportReturnType=false

import dask.dataframe as dd


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    one_of_them = [[("week", "==", week)] for week in weeks]
    return dd.read_parquet(url, columns=columns, filters=one_of_them)
