"""Merges on columns, which says nothing about the order, and sorts it back.

caught_by: test_join_on_index_shuffles_nothing
hint: These tasks deal the rows out anew
"""

import dask.dataframe as dd


def join_on_index(trips_path: str, refunds_path: str) -> dd.DataFrame:
    trips, refunds = dd.read_parquet(trips_path), dd.read_parquet(refunds_path)
    return trips.merge(refunds, on="trip_id").set_index("trip_id")
