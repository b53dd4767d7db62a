"""Deals the rows out evenly when the one task has done the work.

caught_by: test_salted_join_gives_no_task_most_of_the_rows
hint: One task got
"""


def salted_join(trips, rates, salts):
    joined = trips.join(rates, "zone").repartition(salts)
    return joined.select("trip_id", "zone", "fare_cents", "rate")
