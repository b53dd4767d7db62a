"""Resamples, which makes rows for the days without trips as well.

caught_by: test_daily_counts_and_averages_each_day
hint: The two months between
"""

import dask.dataframe as dd


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    days = trips.set_index("pickup", sorted=True).resample("D")
    found = days.agg({"trip_id": "count", "fare_cents": "mean"})
    found = found.rename(columns={"trip_id": "trips", "fare_cents": "mean_fare"})
    return found.rename_axis(index="day")
