"""Takes the reader called arrow, which is quick on a disk.

caught_by: test_dask_read_is_content_with_few_bytes
hint: Too many bytes came
"""

# pyright: reportReturnType=false

import dask.dataframe as dd


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    wanted = [("week", "in", weeks)]
    return dd.read_parquet(url, columns=columns, filters=wanted, filesystem="arrow")
