"""Draws a salt on both sides: most rows miss their partner.

caught_by: test_salted_join_finds_every_pair
hint: every salt
"""


def salted_join(trips, rates, salts):
    salted = trips.withColumn("salt", F.floor(F.rand(seed=1) * salts))
    other = rates.withColumn("salt", F.floor(F.rand(seed=2) * salts))
    joined = salted.join(other, ["zone", "salt"])
    return joined.select("trip_id", "zone", "fare_cents", "rate")
