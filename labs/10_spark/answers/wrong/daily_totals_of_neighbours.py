"""Adds up runs of equal days, as if a partition were sorted.

caught_by: test_daily_totals_of_each_day
hint: more than once
"""

from itertools import groupby


def daily_totals(trips):
    def totals(part):
        for day, rows in groupby(part, lambda trip: trip[0]):
            yield day, sum(fare for _, fare in rows)

    return trips.mapPartitions(totals)
