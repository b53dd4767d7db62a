"""Brings the whole table into one order, and then takes the first k.

caught_by: test_topk_moves_candidates_only
hint: Too many bytes move
"""

import dask.dataframe as dd


def topk(trips: dd.DataFrame, column: str, k: int) -> dd.DataFrame:
    ordered = trips.sort_values(column, ascending=False).compute()
    return dd.from_pandas(ordered.head(k), npartitions=1, sort=False)
