"""Counts a trip picked up exactly at the end, and so some trips in two weeks.

caught_by: test_revenue_is_what_the_trips_of_the_time_earned
hint: A trip picked up exactly
"""

from datetime import datetime

import dask.dataframe as dd


def revenue(path: str, start: datetime, end: datetime) -> dd.Scalar:
    trips = dd.read_parquet(path, filters=[("pickup", ">=", start), ("pickup", "<=", end)])
    return (trips["fare_cents"] + trips["tip_cents"]).sum()
