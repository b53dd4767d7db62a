"""Groups by a rounded time, of which the engine does not know that it belongs to the watermark.

caught_by: test_stream_counts_waits_and_forgets
hint: never forgotten
"""


def stream_counts(clicks):
    in_time = clicks.withWatermark("at", "1 hour")
    by_hour = in_time.groupBy(F.date_trunc("hour", "at").alias("hour"), "zone")
    return by_hour.agg(F.count("*").alias("clicks"))
