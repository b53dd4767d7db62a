"""Takes the salt from a column with few values: the popular zone falls into as few pieces.

caught_by: test_salted_join_gives_no_task_most_of_the_rows
hint: One task got
"""


def salted_join(trips, rates, salts):
    copies = rates.withColumn("salt", F.explode(F.sequence(F.lit(0), F.lit(salts - 1))))
    salted = trips.withColumn("salt", (F.col("fare_cents") % salts).cast("int"))
    joined = salted.join(copies, ["zone", "salt"])
    return joined.select("trip_id", "zone", "fare_cents", "rate")
