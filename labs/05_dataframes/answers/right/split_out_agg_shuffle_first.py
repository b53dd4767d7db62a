"""Brings the clicks of a user together first, and then lets each partition count."""

# pyright: reportReturnType=false

import math

import dask.dataframe as dd
import pandas as pd


def split_out_agg(clicks: dd.DataFrame, users: int, limit: int) -> dd.DataFrame:
    def count(part: pd.DataFrame) -> pd.DataFrame:
        return part.groupby("user").agg(clicks=("click_id", "count"), ms=("ms", "sum"))

    dealt = clicks.shuffle("user", npartitions=math.ceil(1.25 * users / limit))
    return dealt.map_partitions(count)
