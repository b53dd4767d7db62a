"""Divides the bytes of the table by the limit: right on average.

caught_by: test_repartition_to_splits_the_large
hint: The average may be small enough
"""

import math

import dask.dataframe as dd


def repartition_to(frame: dd.DataFrame, mb: float) -> dd.DataFrame:
    total = frame.memory_usage_per_partition(deep=True).sum().compute()
    return frame.repartition(npartitions=max(1, math.ceil(total / (mb * 1_000_000))))
