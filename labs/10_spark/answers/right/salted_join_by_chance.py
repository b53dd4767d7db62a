"""A salt drawn for each row, and the copies by a cross join with the numbers."""


def salted_join(trips, rates, salts):
    numbers = trips.sparkSession.range(salts).withColumnRenamed("id", "salt")
    copies = rates.crossJoin(F.broadcast(numbers))
    salted = trips.withColumn("salt", F.floor(F.rand(seed=1) * salts))
    joined = salted.join(copies, ["zone", "salt"])
    return joined.select("trip_id", "zone", "fare_cents", "rate")
