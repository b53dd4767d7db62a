"""Splits the large partitions, and leaves the crumbs as they are.

caught_by: test_repartition_to_merges_the_small
hint: Each partition costs a task
"""

import math

import dask.dataframe as dd


def repartition_to(frame: dd.DataFrame, mb: float) -> dd.DataFrame:
    sizes = frame.memory_usage_per_partition(deep=True).compute()
    pieces = [max(1, math.ceil(size / (mb * 1_000_000))) for size in sizes]
    parts = [frame.partitions[i].repartition(npartitions=n) for i, n in enumerate(pieces)]
    return dd.concat(parts)
