"""Copies both sides for every salt: each pair is found as often as there are salts.

caught_by: test_salted_join_finds_every_pair
hint: as often as there are salts
"""


def salted_join(trips, rates, salts):
    numbers = F.explode(F.sequence(F.lit(0), F.lit(salts - 1)))
    salted = trips.withColumn("salt", numbers)
    copies = rates.withColumn("salt", numbers)
    joined = salted.join(copies, ["zone", "salt"])
    return joined.select("trip_id", "zone", "fare_cents", "rate")
