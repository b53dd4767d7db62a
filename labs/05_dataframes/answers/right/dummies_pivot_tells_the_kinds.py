"""Looks at the distinct kinds first, and then tells Dask what they are."""

# pyright: reportReturnType=false

import dask.dataframe as dd
import pandas as pd


def dummies_pivot(trips: dd.DataFrame) -> tuple[dd.DataFrame, dd.DataFrame]:
    kinds = pd.CategoricalDtype(sorted(trips["payment"].unique().compute()))
    known = trips.assign(payment=trips["payment"].astype(kinds))
    pivot = known.pivot_table(index="zone", columns="payment", values="fare_cents", aggfunc="mean")
    return dd.get_dummies(known[["payment"]]), pivot
