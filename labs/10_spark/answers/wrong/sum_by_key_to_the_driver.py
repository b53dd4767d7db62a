"""Reduces to a dict on the driver, and deals it out again.

caught_by: test_sum_by_key_is_lazy
hint: A job ran
"""


def sum_by_key(pairs):
    sums = pairs.reduceByKeyLocally(lambda a, b: a + b)
    return pairs.context.parallelize(list(sums.items()))
