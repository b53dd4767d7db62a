"""Fetches all trips and wraps what pandas makes of them.

caught_by: test_dummies_pivot_leaves_the_trips_where_they_are
hint: the distinct values of one column
"""

import dask.dataframe as dd
import pandas as pd


def dummies_pivot(trips: dd.DataFrame) -> tuple[dd.DataFrame, dd.DataFrame]:
    table = trips.compute()
    pivot = table.pivot_table("fare_cents", "zone", "payment")
    dummies = pd.get_dummies(table[["payment"]])
    return tuple(dd.from_pandas(wide, npartitions=1, sort=False) for wide in (dummies, pivot))
