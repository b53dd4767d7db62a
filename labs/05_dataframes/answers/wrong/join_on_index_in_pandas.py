"""Fetches both tables, joins them in pandas, and cuts the result up.

caught_by: test_join_on_index_plans_without_a_pass
hint: Tasks ran while
"""

import dask.dataframe as dd


def join_on_index(trips_path: str, refunds_path: str) -> dd.DataFrame:
    trips = dd.read_parquet(trips_path).compute().set_index("trip_id")
    refunds = dd.read_parquet(refunds_path).compute().set_index("trip_id")
    return dd.from_pandas(trips.join(refunds, how="inner"), npartitions=8)
