"""Expects the groups in order, as pandas has them.

caught_by: test_daily_with_many_partitions
hint: pandas sorts the groups
"""

import dask.dataframe as dd


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    days = trips.assign(day=trips["pickup"].dt.floor("D")).groupby("day")
    return days.agg(trips=("trip_id", "count"), mean_fare=("fare_cents", "mean"))
