"""Takes the kinds of the first partition for the kinds of all.

caught_by: test_dummies_pivot_makes_a_column_of_every_kind
hint: for every kind that occurs anywhere
"""

import dask.dataframe as dd
import pandas as pd


def dummies_pivot(trips: dd.DataFrame) -> tuple[dd.DataFrame, dd.DataFrame]:
    kinds = pd.CategoricalDtype(sorted(trips.partitions[0]["payment"].unique().compute()))
    known = trips.assign(payment=trips["payment"].astype(kinds))
    pivot = known.pivot_table(index="zone", columns="payment", values="fare_cents", aggfunc="mean")
    return dd.get_dummies(known[["payment"]]), pivot
