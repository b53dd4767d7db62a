"""Finds the files of the time by their divisions, and loads all of their row groups.

caught_by: test_revenue_loads_the_row_groups_it_needs
hint: Rows outside of the time
"""

from datetime import datetime, timedelta

import dask.dataframe as dd


def revenue(path: str, start: datetime, end: datetime) -> dd.Scalar:
    trips = dd.read_parquet(path, index="pickup", calculate_divisions=True)
    week = trips.loc[start : end - timedelta(microseconds=1)]
    return (week["fare_cents"] + week["tip_cents"]).sum()
