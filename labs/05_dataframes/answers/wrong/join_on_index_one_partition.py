"""Avoids the shuffle by putting each table into one partition.

caught_by: test_join_on_index_moves_the_edges_only
hint: Fewer partitions than files
"""

import dask.dataframe as dd


def join_on_index(trips_path: str, refunds_path: str) -> dd.DataFrame:
    trips = dd.read_parquet(trips_path).repartition(npartitions=1)
    refunds = dd.read_parquet(refunds_path).repartition(npartitions=1)
    return trips.set_index("trip_id").join(refunds.set_index("trip_id"), how="inner")
