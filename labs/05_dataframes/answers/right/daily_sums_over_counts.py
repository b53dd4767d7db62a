"""Divides sums by counts, which add up over partitions."""

# pyright: reportReturnType=false

import dask.dataframe as dd


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    day = trips["pickup"].dt.normalize().rename("day")
    fares = trips["fare_cents"].groupby(day, sort=True)
    counts, sums = fares.count(), fares.sum()
    return counts.rename("trips").to_frame().assign(mean_fare=sums / counts)
