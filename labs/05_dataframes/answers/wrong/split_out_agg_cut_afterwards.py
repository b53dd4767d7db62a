"""Cuts the result up when it has been whole on one worker.

caught_by: test_split_out_agg_never_holds_all_users
hint: A task on the way holds far more
"""

import math

import dask.dataframe as dd


def split_out_agg(clicks: dd.DataFrame, users: int, limit: int) -> dd.DataFrame:
    whole = clicks.groupby("user").agg(clicks=("click_id", "count"), ms=("ms", "sum"))
    return whole.repartition(npartitions=math.ceil(1.2 * users / limit))
