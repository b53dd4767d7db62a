"""In SQL, with the hint as a comment."""


def broadcast_join(trips, zones):
    trips.createOrReplaceTempView("trips_to_join")
    zones.createOrReplaceTempView("zones_to_join")
    return trips.sparkSession.sql("""
        SELECT /*+ BROADCAST(z) */ borough, COUNT(*) AS trips, SUM(fare_cents) AS fare_cents
        FROM trips_to_join t LEFT JOIN zones_to_join z ON t.zone = z.zone
        GROUP BY borough
    """)
