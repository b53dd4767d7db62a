"""A table that lies in a bucket, read by the tasks that need it.

Its layout is its index: ``trips/week=2026-W02/part-0.parquet``. Which weeks there are stands in the
names, so a reader that is told the weeks need not open the others.
"""

# What Dask says about its return types is too loose for a checker.
# pyright: reportReturnType=false

import dask.dataframe as dd


def dask_read(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    """Some columns of some weeks of a table in a bucket, as a lazy Dask DataFrame.

    `url` is the table's place, such as `gs://bucket/trips`. Each week lies in one Parquet file,
    `{url}/week=2026-W02/part-0.parquet`. `weeks` are texts such as `2026-W02`, in ascending order,
    each with a file; `columns` are columns of the files.

    Returns a plan with one partition a week, in the order of the weeks, with these columns. Rows
    are read by the tasks. To plan and to compute takes, together, no other files than those of the
    weeks and one more, at most 8 requests for bytes a week, and fewer bytes than half of those that
    the files of the weeks have. (The files have 500 kB or more, and the columns are few.)

    >>> dask_read("gs://bucket/trips", ["2026-W02", "2026-W03"], ["fare_cents"]).npartitions
    2
    """
    return dd.read_parquet(url, columns=columns, filters=[("week", "in", weeks)])
