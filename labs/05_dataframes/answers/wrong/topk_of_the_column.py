"""Chooses values, and loses the trips that they belong to.

caught_by: test_topk_takes_the_largest_of_the_whole_table
hint: Every column
"""

import dask.dataframe as dd


def topk(trips: dd.DataFrame, column: str, k: int) -> dd.DataFrame:
    return trips[[column]].nlargest(k, column)
