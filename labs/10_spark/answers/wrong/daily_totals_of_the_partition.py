"""Gives one total a partition, under its last day.

caught_by: test_daily_totals_of_each_day
hint: several days or none
"""


def daily_totals(trips):
    def total(part):
        rows = list(part)
        if rows:
            yield rows[-1][0], sum(fare for _, fare in rows)

    return trips.mapPartitions(total)
