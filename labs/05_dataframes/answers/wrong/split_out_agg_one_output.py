"""Aggregates as usual: into one partition.

caught_by: test_split_out_agg_keeps_partitions_small
hint: All users came out in a single partition
"""

import dask.dataframe as dd


def split_out_agg(clicks: dd.DataFrame, users: int, limit: int) -> dd.DataFrame:
    return clicks.groupby("user").agg(clicks=("click_id", "count"), ms=("ms", "sum"))
