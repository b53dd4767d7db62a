"""With a hint in place of the function."""


def broadcast_join(trips, zones):
    known = trips.select("zone", "fare_cents").join(zones.hint("broadcast"), on="zone", how="left")
    grouped = known.groupBy("borough")
    return grouped.agg(F.count(F.lit(1)).alias("trips"), F.sum("fare_cents").alias("fare_cents"))
