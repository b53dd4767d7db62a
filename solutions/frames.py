"""A table in partitions: read little, aggregate early, know the metadata before the data.

A Dask DataFrame is a row of pandas DataFrames, its partitions, and a plan. Every function here
builds a plan and returns it; the work is done when somebody computes the result.

The trips that they take have the columns `trip_id`, `pickup` (datetime64), `zone`, `distance_m`,
`passengers`, `payment`, `fare_cents` and `tip_cents`, and are sorted by `pickup`.
"""

# What Dask says about its return types is too loose for a checker.
# pyright: reportReturnType=false

from datetime import datetime

import dask.dataframe as dd


def revenue(path: str, start: datetime, end: datetime) -> dd.Scalar:
    """What was earned by the trips picked up from `start` on and before `end`, in cents.

    `path` is the absolute path of a folder of Parquet files with the trips, sorted by `pickup`.
    The revenue is the sum of `fare_cents` and `tip_cents` over the trips with
    `start <= pickup < end`; it is 0 where there are none.

    Returns a lazy Dask scalar: `revenue(…).compute()` is the number. Its plan loads no other
    columns than `pickup`, `fare_cents` and `tip_cents`, and no row of a row group whose
    statistics say that it holds no such trip.

    >>> week = revenue("/data/trips", datetime(2026, 1, 5), datetime(2026, 1, 12))
    >>> week.compute()
    1234567
    """
    inside = [("pickup", ">=", start), ("pickup", "<", end)]
    trips = dd.read_parquet(path, columns=["fare_cents", "tip_cents"], filters=inside)
    return (trips["fare_cents"] + trips["tip_cents"]).sum()


def topk(trips: dd.DataFrame, column: str, k: int) -> dd.DataFrame:
    """The `k` trips with the largest values in `column`, the largest first.

    Every column is kept. Trips of equal value may come in any order, and any of them may be the
    last to get in. Where there are fewer than `k` trips, all are returned. `column` is numeric and
    `k` is at least 1.

    Returns a lazy Dask DataFrame with one partition. At most `k` rows of each partition leave it.

    >>> topk(trips, "fare_cents", 2).compute()[["trip_id", "fare_cents"]]
        trip_id  fare_cents
    17       17        9120
    4       204        8875
    """
    return trips.nlargest(k, column)


def daily(trips: dd.DataFrame) -> dd.DataFrame:
    """How many trips each day had, and what they cost on average.

    Returns a lazy Dask DataFrame with one row for each day that has a pickup, in ascending order.
    Its index is called `day` and holds the midnights at which the days begin (datetime64). Its
    columns are `trips`, the number of trips, and `mean_fare`, the mean of `fare_cents` over them
    (float, in cents). A day without trips has no row. A day may lie in several partitions.

    >>> daily(trips).compute()
                trips  mean_fare
    day
    2026-01-01      3      850.0
    2026-01-02      1     1200.0
    """
    by_day = trips.assign(day=trips["pickup"].dt.floor("D")).groupby("day", sort=True)
    return by_day.agg(trips=("trip_id", "count"), mean_fare=("fare_cents", "mean"))


def dummies_pivot(trips: dd.DataFrame) -> tuple[dd.DataFrame, dd.DataFrame]:
    """Two wide tables whose columns depend on which kinds of payment occur: dummies and pivot.

    Returns a pair of lazy Dask DataFrames, which equal what pandas makes of the whole table with
    `pd.get_dummies(trips[["payment"]])` and with
    `trips.pivot_table(index="zone", columns="payment", values="fare_cents", aggfunc="mean")`:

    - dummies: a row a trip in the order of the trips, a boolean column `payment_KIND` a kind;
    - pivot: a row a zone, a column `KIND` a kind, the mean fare in cents; NaN where there is none.

    The kinds are not known beforehand, and a kind may occur in a single partition. The columns are
    in alphabetical order, the rows of the pivot in any. One pass over `payment` is allowed while
    the plans are built.

    >>> dummies, pivot = dummies_pivot(trips)
    >>> list(dummies.columns)
    ['payment_card', 'payment_cash']
    """
    known = trips.categorize(columns=["payment"])
    dummies = dd.get_dummies(known[["payment"]])
    pivot = known.pivot_table(index="zone", columns="payment", values="fare_cents", aggfunc="mean")
    return dummies, pivot
