"""Counting what has not arrived yet.

A stream is a table that grows. The query is written as if the table were whole; the engine runs it
on what is new, and keeps the rest of what it needs as *state*. A watermark says how late a row may
come. It lets the engine forget: without one, the state grows for ever.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def stream_counts(clicks: DataFrame) -> DataFrame:
    """Count the clicks of each zone in each hour, from a stream that may be an hour late.

    `clicks` is a streaming DataFrame with the columns `at` (a timestamp: when the click happened,
    which is not when it arrives), `zone` and others. Returns a streaming DataFrame with the columns
    `hour` (a timestamp, the beginning of the hour), `zone` and `clicks` (how many).

    A click that comes up to one hour late, behind the latest one seen, is counted in its own hour.
    State for hours that ended longer ago than that is dropped, so it does not grow with the stream.
    The query is not started here.

    >>> query = stream_counts(clicks).writeStream.format("memory").queryName("t").start()
    >>> query.processAllAvailable(); spark.table("t").show()
    +-------------------+----+------+
    |               hour|zone|clicks|
    +-------------------+----+------+
    |2026-01-01 08:00:00|Z001|     2|
    +-------------------+----+------+
    """
    in_time = clicks.withWatermark("at", "1 hour")
    counted = in_time.groupBy(F.window("at", "1 hour"), "zone").agg(F.count("*").alias("clicks"))
    return counted.select(F.col("window.start").alias("hour"), "zone", "clicks")
