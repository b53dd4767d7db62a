"""Names the window as a column, then groups by it."""


def stream_counts(clicks):
    in_time = clicks.withWatermark("at", "60 minutes")
    hours = in_time.select(F.window("at", "60 minutes").alias("w"), "zone")
    counted = hours.groupBy("zone", "w").count()
    return counted.selectExpr("w.start AS hour", "zone", "`count` AS clicks")
