"""Names the functions by column, and renames the columns afterwards."""

# pyright: reportReturnType=false

import dask.dataframe as dd


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    days = trips.assign(day=trips["pickup"].dt.floor("1D")).groupby("day", sort=True)
    found = days.agg({"trip_id": "count", "fare_cents": "mean"})
    return found.rename(columns={"trip_id": "trips", "fare_cents": "mean_fare"})
