"""Never forgets: every hour that ever was stays in the state.

caught_by: test_stream_counts_waits_and_forgets
hint: never forgotten
"""


def stream_counts(clicks):
    counted = clicks.groupBy(F.window("at", "1 hour"), "zone").agg(F.count("*").alias("clicks"))
    return counted.select(F.col("window.start").alias("hour"), "zone", "clicks")
