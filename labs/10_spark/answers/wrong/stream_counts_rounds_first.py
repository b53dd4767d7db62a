"""Rounds before it counts the lateness: the hour before the latest is closed too early.

caught_by: test_stream_counts_waits_and_forgets
hint: is still in time
"""


def stream_counts(clicks):
    hours = clicks.withColumn("hour", F.date_trunc("hour", "at")).withWatermark("hour", "1 hour")
    return hours.groupBy("hour", "zone").agg(F.count("*").alias("clicks"))
