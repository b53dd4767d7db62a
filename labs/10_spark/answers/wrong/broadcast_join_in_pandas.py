"""Fetches the trips and joins them on the driver.

caught_by: test_broadcast_join_is_lazy
hint: A job ran
"""


def broadcast_join(trips, zones):
    spark = trips.sparkSession
    borough = {row["zone"]: row["borough"] for row in zones.collect()}
    totals = {}
    for row in trips.collect():
        trips_, cents = totals.get(borough.get(row["zone"]), (0, 0))
        totals[borough.get(row["zone"])] = (trips_ + 1, cents + row["fare_cents"])
    rows = [(name, *both) for name, both in totals.items()]
    return spark.createDataFrame(rows, "borough string, trips long, fare_cents long")
