"""Averages the averages of the partitions.

caught_by: test_daily_counts_and_averages_each_day
hint: The first day lies in two partitions
"""

import dask.dataframe as dd
import pandas as pd


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    def summary(part: pd.DataFrame) -> pd.DataFrame:
        days = part.groupby(part["pickup"].dt.floor("D").rename("day"))["fare_cents"]
        return days.agg(["count", "mean"])

    days = trips.map_partitions(summary).reset_index().groupby("day", sort=True)
    return days.agg(trips=("count", "sum"), mean_fare=("mean", "mean"))
