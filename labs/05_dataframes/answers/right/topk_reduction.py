"""Says how to choose in a partition, and how to choose among choices."""

# pyright: reportReturnType=false

import dask.dataframe as dd


def topk(trips: dd.DataFrame, column: str, k: int) -> dd.DataFrame:
    def best(part):
        return part.sort_values(column, ascending=False).head(k)

    return trips.reduction(best, aggregate=best)
