"""Takes the salt from the zone, so that all rows of a zone have the same.

caught_by: test_salted_join_gives_no_task_most_of_the_rows
hint: One task got
"""


def salted_join(trips, rates, salts):
    salt = F.pmod(F.hash("zone"), F.lit(salts))
    salted, copies = trips.withColumn("salt", salt), rates.withColumn("salt", salt)
    joined = salted.join(copies, ["zone", "salt"])
    return joined.select("trip_id", "zone", "fare_cents", "rate")
