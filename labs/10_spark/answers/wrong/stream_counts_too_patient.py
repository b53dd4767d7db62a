"""Adds the window's hour to the lateness, as if the watermark had to wait for it.

caught_by: test_stream_counts_waits_and_forgets
hint: still kept
"""


def stream_counts(clicks):
    in_time = clicks.withWatermark("at", "2 hours")
    counted = in_time.groupBy(F.window("at", "1 hour"), "zone").agg(F.count("*").alias("clicks"))
    return counted.select(F.col("window.start").alias("hour"), "zone", "clicks")
