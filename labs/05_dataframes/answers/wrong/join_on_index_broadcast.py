"""Sends all refunds to every partition of the trips, as if they were few.

caught_by: test_join_on_index_moves_the_edges_only
hint: Whole partitions travel
"""

import dask.dataframe as dd


def join_on_index(trips_path: str, refunds_path: str) -> dd.DataFrame:
    trips, refunds = dd.read_parquet(trips_path), dd.read_parquet(refunds_path)
    both = trips.merge(refunds, on="trip_id", broadcast=True)
    return both.set_index("trip_id", sorted=True)
