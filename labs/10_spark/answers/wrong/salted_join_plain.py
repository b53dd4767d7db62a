"""All rows of the popular zone go to one task.

caught_by: test_salted_join_gives_no_task_most_of_the_rows
hint: One task got
"""


def salted_join(trips, rates, salts):
    return trips.join(rates, "zone").select("trip_id", "zone", "fare_cents", "rate")
