"""Lets Dask find the order: it does, with divisions that are not those of the partitions.

caught_by: test_join_on_index_plans_without_a_pass
hint: Tasks ran while
"""

import dask.dataframe as dd


def join_on_index(trips_path: str, refunds_path: str) -> dd.DataFrame:
    trips = dd.read_parquet(trips_path).set_index("trip_id")
    refunds = dd.read_parquet(refunds_path).set_index("trip_id")
    return trips.join(refunds, how="inner")
