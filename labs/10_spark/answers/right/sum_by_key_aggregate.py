"""With a start and two functions: one adds a value, the other adds two sums."""


def sum_by_key(pairs):
    return pairs.aggregateByKey(0, lambda total, value: total + value, lambda a, b: a + b)
