"""Loses the trips of zones that nobody knows.

caught_by: test_broadcast_join_counts_every_trip
hint: that `zones` does not know
"""


def broadcast_join(trips, zones):
    known = trips.join(F.broadcast(zones), "zone")
    return known.groupBy("borough").agg(
        F.count("*").alias("trips"), F.sum("fare_cents").alias("fare_cents")
    )
