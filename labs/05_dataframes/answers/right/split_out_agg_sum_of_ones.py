"""Counts by adding up ones, in one sum with two columns."""

# pyright: reportReturnType=false

import math

import dask.dataframe as dd


def split_out_agg(clicks: dd.DataFrame, users: int, limit: int) -> dd.DataFrame:
    pieces = math.ceil(1.3 * users / limit)
    ones = clicks.assign(clicks=1)[["user", "clicks", "ms"]]
    return ones.groupby("user").sum(split_out=pieces)
