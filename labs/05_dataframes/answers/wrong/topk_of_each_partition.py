"""Chooses in each partition, and forgets to choose among the winners.

caught_by: test_topk_takes_the_largest_of_the_whole_table
hint: Each partition has its own largest
"""

import dask.dataframe as dd


def topk(trips: dd.DataFrame, column: str, k: int) -> dd.DataFrame:
    return trips.map_partitions(lambda part: part.nlargest(k, column))
