"""How big a partition is: as large as fits, as few as possible, and never everything at once."""

# What Dask says about its return types is too loose for a checker.
# pyright: reportReturnType=false

import math

import dask.dataframe as dd

MARGIN = 1.2  # partitions, in proportion to those that an even split would need


def repartition_to(frame: dd.DataFrame, mb: float) -> dd.DataFrame:
    """The same rows in the same order, in partitions of at most `mb` megabytes.

    A megabyte is 1,000,000 bytes of a partition's `memory_usage(deep=True).sum()`. As rows differ
    in size, a tenth more than `mb` is tolerated. The partitions of `frame` may be of any size, and
    some may be empty. Large ones are split and small neighbours are merged: where n partitions
    could hold all, the result has at most 2 n + 1.

    Returns a lazy Dask DataFrame. One pass that measures the partitions is allowed; the rows
    themselves stay where they are.

    >>> repartition_to(trips, 0.5).persist().npartitions
    7
    """
    return frame.repartition(partition_size=f"{mb}MB")


def split_out_agg(clicks: dd.DataFrame, users: int, limit: int) -> dd.DataFrame:
    """The clicks of each user, and their milliseconds, in partitions of at most `limit` users.

    `clicks` has the columns `click_id`, `user` and `ms`; `users` is how many users occur in it.
    `limit` is at least 500, and is less than the number of users.

    Returns a lazy Dask DataFrame whose index is `user`, with one row a user in any order, and the
    columns `clicks`, the number of clicks, and `ms`, their sum (both integers). No partition has
    more than `limit` rows, and no task on the way holds all the users. Nothing is computed yet.
    A hash spreads users unevenly: a fifth more partitions than an even split needs are enough.

    >>> split_out_agg(clicks, users=20_000, limit=5_000).map_partitions(len).compute().to_list()
    [4021, 3987, 4010, 4003, 3979]
    """
    pieces = math.ceil(MARGIN * users / limit)
    by_user = clicks.groupby("user")
    return by_user.agg(clicks=("click_id", "count"), ms=("ms", "sum"), split_out=pieces)
