"""Changes the import and nothing else: as in pandas, with a Grouper.

caught_by: test_daily_counts_and_averages_each_day
hint: Dask refuses
"""

import dask.dataframe as dd
import pandas as pd


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    days = trips.groupby(pd.Grouper(key="pickup", freq="D"))
    return days.agg(trips=("trip_id", "count"), mean_fare=("fare_cents", "mean"))
