"""Adds up in each partition, and never brings the partitions together.

caught_by: test_sum_by_key_adds_up_over_partitions
hint: more than once
"""


def sum_by_key(pairs):
    def totals(part):
        sums = {}
        for key, value in part:
            sums[key] = sums.get(key, 0) + value
        return sums.items()

    return pairs.mapPartitions(totals)
