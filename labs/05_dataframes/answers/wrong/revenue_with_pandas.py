"""Reads everything into pandas, and then slices: the right number, at once.

caught_by: test_revenue_is_what_the_trips_of_the_time_earned
hint: Return a plan
"""

from datetime import datetime

import dask.dataframe as dd
import pandas as pd


def revenue(path: str, start: datetime, end: datetime) -> dd.Scalar:
    trips = pd.read_parquet(path)
    week = trips[(trips["pickup"] >= start) & (trips["pickup"] < end)]
    return int((week["fare_cents"] + week["tip_cents"]).sum())
