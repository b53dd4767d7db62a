"""Averages the pivots of the partitions.

caught_by: test_dummies_pivot_with_other_kinds
hint: A mean is over all trips
"""

import dask.dataframe as dd
import pandas as pd


def dummies_pivot(trips: dd.DataFrame) -> tuple[dd.DataFrame, dd.DataFrame]:
    known = trips.categorize(columns=["payment"])
    kinds = list(known.dtypes["payment"].categories)

    def means(part: pd.DataFrame) -> pd.DataFrame:
        own = {kind: part["fare_cents"].where(part["payment"] == kind) for kind in kinds}
        return pd.DataFrame({"zone": part["zone"], **own}).groupby("zone").mean().reset_index()

    return dd.get_dummies(known[["payment"]]), trips.map_partitions(means).groupby("zone").mean()
