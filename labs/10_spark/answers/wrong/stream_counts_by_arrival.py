"""Counts by the hour in which a click arrives.

caught_by: test_stream_counts_equals_the_batch
hint: when the click happened
"""


def stream_counts(clicks):
    arrived = clicks.withColumn("at", F.current_timestamp()).withWatermark("at", "1 hour")
    counted = arrived.groupBy(F.window("at", "1 hour"), "zone").agg(F.count("*").alias("clicks"))
    return counted.select(F.col("window.start").alias("hour"), "zone", "clicks")
