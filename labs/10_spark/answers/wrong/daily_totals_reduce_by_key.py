"""Goes wide although whatever belongs together is together already.

caught_by: test_daily_totals_takes_one_stage
hint: more than one stage
"""


def daily_totals(trips):
    return trips.reduceByKey(lambda a, b: a + b)
