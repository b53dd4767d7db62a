"""Makes the columns in each partition from kinds that all of them share."""

# pyright: reportReturnType=false

import dask.dataframe as dd
import pandas as pd


def dummies_pivot(trips: dd.DataFrame) -> tuple[dd.DataFrame, dd.DataFrame]:
    kinds = sorted(trips["payment"].drop_duplicates().compute())

    def flags(part: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({f"payment_{kind}": part["payment"] == kind for kind in kinds})

    def fares(part: pd.DataFrame) -> pd.DataFrame:
        own = {kind: part["fare_cents"].where(part["payment"] == kind) for kind in kinds}
        return pd.DataFrame({"zone": part["zone"], **own})

    return trips.map_partitions(flags), trips.map_partitions(fares).groupby("zone").mean()
