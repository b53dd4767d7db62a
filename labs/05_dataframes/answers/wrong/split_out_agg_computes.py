"""Computes the result, and then cuts it into the right pieces.

caught_by: test_split_out_agg_computes_nothing_yet
hint: Tasks ran before
"""

import dask.dataframe as dd


def split_out_agg(clicks: dd.DataFrame, users: int, limit: int) -> dd.DataFrame:
    whole = clicks.groupby("user").agg(clicks=("click_id", "count"), ms=("ms", "sum")).compute()
    return dd.from_pandas(whole, chunksize=limit)
