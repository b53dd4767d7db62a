"""Brings everything into one partition, so that nothing has to be shuffled.

caught_by: test_sum_by_key_sends_sums_not_values
hint: into one place
"""

from collections import Counter


def sum_by_key(pairs):
    def totals(part):
        sums = Counter()
        for key, value in part:
            sums[key] += value
        return sums.items()

    return pairs.coalesce(1).mapPartitions(totals)
