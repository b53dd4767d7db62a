"""Returns the trips themselves in place of a plan.

caught_by: test_topk_takes_the_largest_of_the_whole_table
hint: Return a plan
"""

import dask.dataframe as dd


def topk(trips: dd.DataFrame, column: str, k: int) -> dd.DataFrame:
    return trips.nlargest(k, column).compute()
