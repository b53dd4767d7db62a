"""Makes as many partitions as the machine has cores.

caught_by: test_repartition_to_keeps_rows_and_order
hint: A partition is larger than
"""

import dask.dataframe as dd


def repartition_to(frame: dd.DataFrame, mb: float) -> dd.DataFrame:
    return frame.repartition(npartitions=8)
