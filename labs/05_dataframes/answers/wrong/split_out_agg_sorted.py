"""Wants the groups sorted as well, and so loses the partitions without a word.

caught_by: test_split_out_agg_keeps_partitions_small
hint: All users came out in a single partition
"""

import math

import dask.dataframe as dd


def split_out_agg(clicks: dd.DataFrame, users: int, limit: int) -> dd.DataFrame:
    pieces = math.ceil(1.2 * users / limit)
    by_user = clicks.groupby("user", sort=True)
    return by_user.agg(clicks=("click_id", "count"), ms=("ms", "sum"), split_out=pieces)
