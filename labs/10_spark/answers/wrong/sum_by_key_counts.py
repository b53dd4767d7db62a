"""Counts how often a key occurs: right for ones.

caught_by: test_sum_by_key_adds_up_over_partitions
hint: need not be ones
"""


def sum_by_key(pairs):
    return pairs.mapValues(lambda value: 1).reduceByKey(lambda a, b: a + b)
