"""Lets each partition offer its share of k only, as if the largest were spread evenly.

caught_by: test_topk_wherever_the_largest_are
hint: All of the k largest may lie in one
"""

import dask.dataframe as dd


def topk(trips: dd.DataFrame, column: str, k: int) -> dd.DataFrame:
    share = k // trips.npartitions + 1
    best = trips.map_partitions(lambda part: part.nlargest(share, column))
    return best.repartition(npartitions=1).map_partitions(lambda part: part.nlargest(k, column))
