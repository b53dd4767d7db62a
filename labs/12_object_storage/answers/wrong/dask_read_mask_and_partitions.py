"""Opens all files, and puts the rows of the weeks into so many partitions.

caught_by: test_dask_read_opens_the_files_of_these_weeks
hint: Files of other weeks were opened
"""

# pyright: reportReturnType=false

import dask.dataframe as dd


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    table = dd.read_parquet(url)
    rows = table[table["week"].isin(weeks)][[*columns, "week"]].compute()
    parts = [rows[rows["week"] == week][columns] for week in weeks]
    return dd.concat([dd.from_pandas(part, npartitions=1, sort=False) for part in parts])
