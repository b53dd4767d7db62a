"""Fetches the rows and deals them out again.

caught_by: test_repartition_to_leaves_rows_where_they_are
hint: The rows were fetched
"""

import math

import dask.dataframe as dd


def repartition_to(frame: dd.DataFrame, mb: float) -> dd.DataFrame:
    rows = frame.compute()
    pieces = max(1, math.ceil(1.1 * rows.memory_usage(deep=True).sum() / (mb * 1_000_000)))
    return dd.from_pandas(rows, npartitions=pieces, sort=False)
