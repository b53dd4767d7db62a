"""Fetches all trips, lets pandas do the rest, and wraps the result.

caught_by: test_daily_with_many_partitions
hint: Too many bytes move
"""

import dask.dataframe as dd


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    table = trips.compute()
    days = table.groupby(table["pickup"].dt.floor("D").rename("day"))
    found = days.agg(trips=("trip_id", "count"), mean_fare=("fare_cents", "mean"))
    return dd.from_pandas(found, npartitions=1)
