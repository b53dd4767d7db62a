"""Expects a hash to spread the users evenly.

caught_by: test_split_out_agg_never_holds_all_users
hint: leave room for the unevenness
"""

import math

import dask.dataframe as dd


def split_out_agg(clicks: dd.DataFrame, users: int, limit: int) -> dd.DataFrame:
    by_user = clicks.groupby("user")
    pieces = math.ceil(users / limit)
    return by_user.agg(clicks=("click_id", "count"), ms=("ms", "sum"), split_out=pieces)
