"""Allows no lateness at all.

caught_by: test_stream_counts_waits_and_forgets
hint: is still in time
"""


def stream_counts(clicks):
    in_time = clicks.withWatermark("at", "0 seconds")
    counted = in_time.groupBy(F.window("at", "1 hour"), "zone").agg(F.count("*").alias("clicks"))
    return counted.select(F.col("window.start").alias("hour"), "zone", "clicks")
