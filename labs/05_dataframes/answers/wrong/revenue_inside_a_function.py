"""Hides the columns in a function of whole partitions, which the planner cannot look into.

caught_by: test_revenue_loads_three_columns_at_most
hint: These columns are loaded too
"""

from datetime import datetime

import dask.dataframe as dd


def revenue(path: str, start: datetime, end: datetime) -> dd.Scalar:
    trips = dd.read_parquet(path, filters=[("pickup", ">=", start), ("pickup", "<", end)])
    return trips.map_partitions(lambda part: part["fare_cents"] + part["tip_cents"]).sum()
