"""Sorts and takes the head: the planner turns the two together into a choice of k rows."""

# pyright: reportReturnType=false

import dask.dataframe as dd


def topk(trips: dd.DataFrame, column: str, k: int) -> dd.DataFrame:
    return trips.sort_values(column, ascending=False).head(k, npartitions=-1, compute=False)
