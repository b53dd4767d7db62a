"""Has the index, but not where each partition begins and ends.

caught_by: test_join_on_index_shuffles_nothing
hint: These tasks deal the rows out anew
"""

import dask.dataframe as dd


def join_on_index(trips_path: str, refunds_path: str) -> dd.DataFrame:
    trips = dd.read_parquet(trips_path, index="trip_id")
    refunds = dd.read_parquet(refunds_path, index="trip_id")
    return trips.join(refunds, how="inner")
