"""Wants to send the trips; a left join has to keep their rows in place, so the hint is ignored.

caught_by: test_broadcast_join_shuffles_sums_only
hint: The trips themselves were shuffled
"""


def broadcast_join(trips, zones):
    known = F.broadcast(trips).join(zones, "zone", "left")
    return known.groupBy("borough").agg(
        F.count("*").alias("trips"), F.sum("fare_cents").alias("fare_cents")
    )
