"""Takes the day of the month for the day.

caught_by: test_daily_counts_and_averages_each_day
hint: The index holds midnights
"""

import dask.dataframe as dd


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    days = trips.assign(day=trips["pickup"].dt.day).groupby("day", sort=True)
    return days.agg(trips=("trip_id", "count"), mean_fare=("fare_cents", "mean"))
