"""Says the size in bytes."""

# pyright: reportReturnType=false

import dask.dataframe as dd


def repartition_to(frame: dd.DataFrame, mb: float) -> dd.DataFrame:
    return frame.repartition(partition_size=int(mb * 1_000_000))
