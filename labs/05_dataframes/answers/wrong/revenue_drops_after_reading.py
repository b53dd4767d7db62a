"""Trusts that the planner hands the condition on to the reader; this reader is not asked.

caught_by: test_revenue_loads_the_row_groups_it_needs
hint: Rows outside of the time
"""

from datetime import datetime

import dask.dataframe as dd


def revenue(path: str, start: datetime, end: datetime) -> dd.Scalar:
    trips = dd.read_parquet(path)
    week = trips[(trips["pickup"] >= start) & (trips["pickup"] < end)]
    return (week["fare_cents"] + week["tip_cents"]).sum()
