"""Goes through the partition once, and keeps what it has in a plain dict."""


def daily_totals(trips):
    def totals(part):
        sums = {}
        for day, fare in part:
            sums[day] = sums.get(day, 0) + fare
        yield from sums.items()

    return trips.mapPartitions(totals, preservesPartitioning=True)
