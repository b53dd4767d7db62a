"""Joins, and leaves the choice to Spark, which does not know how small the zones are.

caught_by: test_broadcast_join_shuffles_sums_only
hint: The trips themselves were shuffled
"""


def broadcast_join(trips, zones):
    known = trips.join(zones, "zone", "left")
    return known.groupBy("borough").agg(
        F.count("*").alias("trips"), F.sum("fare_cents").alias("fare_cents")
    )
