"""Lets each partition count its own users.

caught_by: test_split_out_agg_keeps_partitions_small
hint: Each user is in the result once
"""

import math

import dask.dataframe as dd


def split_out_agg(clicks: dd.DataFrame, users: int, limit: int) -> dd.DataFrame:
    counted = clicks.map_partitions(
        lambda part: part.groupby("user").agg(clicks=("click_id", "count"), ms=("ms", "sum"))
    )
    return counted.repartition(npartitions=math.ceil(5 * users / limit))
