"""Brings all values of a key together, then adds them up.

caught_by: test_sum_by_key_sends_sums_not_values
hint: every value was sent
"""


def sum_by_key(pairs):
    return pairs.groupByKey().mapValues(sum)
