"""In SQL; only the watermark has no words there."""


def stream_counts(clicks):
    clicks.withWatermark("at", "1 hour").createOrReplaceTempView("clicks_in_time")
    return clicks.sparkSession.sql("""
        SELECT window(at, '1 hour').start AS hour, zone, COUNT(*) AS clicks
        FROM clicks_in_time GROUP BY window(at, '1 hour'), zone
    """)
