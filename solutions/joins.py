"""Joins: two tables in one order need no shuffle, only to be told that they are in order."""

import dask.dataframe as dd


def join_on_index(trips_path: str, refunds_path: str) -> dd.DataFrame:
    """The trips that were refunded, each with its refund, joined without a shuffle.

    Both paths are folders of Parquet files with a column `trip_id`, unique and ascending from the
    first row of the first file to the last row of the last. The files of one folder do not begin
    and end where those of the other do. Each table may be larger than the memory of one worker.

    Returns a lazy Dask DataFrame with one row for each `trip_id` that occurs in both. `trip_id` is
    the index, in ascending order and with known divisions. The columns are the other columns of the
    trips and then those of the refunds. Nothing is computed yet, not even to find the divisions.

    >>> join_on_index("/data/trips", "/data/refunds")[["fare_cents", "refund_cents"]].head(2)
             fare_cents  refund_cents
    trip_id
    3               810           810
    5              1250           600
    """
    trips, refunds = (
        dd.read_parquet(path, index="trip_id", calculate_divisions=True)
        for path in (trips_path, refunds_path)
    )
    return trips.join(refunds, how="inner")
