"""Adds to a dict of the driver; each worker adds to a copy of its own.

caught_by: test_daily_totals_of_each_day
hint: its own copy
"""


def daily_totals(trips):
    totals = {}

    def add(trip):
        totals[trip[0]] = totals.get(trip[0], 0) + trip[1]

    trips.foreach(add)
    return trips.context.parallelize(list(totals.items()), trips.getNumPartitions())
