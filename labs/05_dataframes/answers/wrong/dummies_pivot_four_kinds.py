"""Writes down the four kinds of the notebook.

caught_by: test_dummies_pivot_with_other_kinds
hint: The kinds are those that occur
"""

import dask.dataframe as dd
import pandas as pd


def dummies_pivot(trips: dd.DataFrame) -> tuple[dd.DataFrame, dd.DataFrame]:
    kinds = pd.CategoricalDtype(["app", "card", "cash", "voucher"])
    known = trips.assign(payment=trips["payment"].astype(kinds))
    pivot = known.pivot_table(index="zone", columns="payment", values="fare_cents", aggfunc="mean")
    return dd.get_dummies(known[["payment"]]), pivot
