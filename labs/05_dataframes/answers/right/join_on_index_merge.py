"""Merges index with index."""

# pyright: reportReturnType=false

import dask.dataframe as dd


def join_on_index(trips_path: str, refunds_path: str) -> dd.DataFrame:
    trips = dd.read_parquet(trips_path, index="trip_id", calculate_divisions=True)
    refunds = dd.read_parquet(refunds_path, index="trip_id", calculate_divisions=True)
    return dd.merge(trips, refunds, left_index=True, right_index=True)
