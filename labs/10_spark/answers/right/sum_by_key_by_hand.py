"""Adds up in each partition first, deals the sums out, adds up again."""

from collections import Counter


def sum_by_key(pairs):
    def totals(part):
        sums = Counter()
        for key, value in part:
            sums[key] += value
        return sums.items()

    partial = pairs.mapPartitions(totals)
    return partial.partitionBy(pairs.getNumPartitions()).mapPartitions(totals, True)
