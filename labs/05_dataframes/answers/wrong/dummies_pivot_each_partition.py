"""Lets pandas make the columns in each partition, each its own.

caught_by: test_dummies_pivot_makes_a_column_of_every_kind
hint: do not match
"""

import dask.dataframe as dd
import pandas as pd


def dummies_pivot(trips: dd.DataFrame) -> tuple[dd.DataFrame, dd.DataFrame]:
    dummies = trips[["payment"]].map_partitions(pd.get_dummies)
    known = trips.categorize(columns=["payment"])
    pivot = known.pivot_table(index="zone", columns="payment", values="fare_cents", aggfunc="mean")
    return dummies, pivot
