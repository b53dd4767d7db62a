"""Sums in each partition, adds up the sums in one, and divides last."""

# pyright: reportReturnType=false

import dask.dataframe as dd
import pandas as pd


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    def sums(part: pd.DataFrame) -> pd.DataFrame:
        groups = part.groupby(part["pickup"].dt.floor("D").rename("day"))["fare_cents"]
        return groups.agg(["count", "sum"])

    def total(parts: pd.DataFrame) -> pd.DataFrame:
        both = parts.groupby("day").sum()
        return pd.DataFrame({"trips": both["count"], "mean_fare": both["sum"] / both["count"]})

    return trips.map_partitions(sums).repartition(npartitions=1).map_partitions(total)
