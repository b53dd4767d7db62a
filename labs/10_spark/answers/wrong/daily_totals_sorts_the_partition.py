"""Sorts the partition to bring equal days together, and so holds all of its trips.

caught_by: test_daily_totals_holds_days_and_not_trips
hint: or sorted
"""

from itertools import groupby


def daily_totals(trips):
    def totals(part):
        for day, rows in groupby(sorted(part), lambda trip: trip[0]):
            yield day, sum(fare for _, fare in rows)

    return trips.mapPartitions(totals)
