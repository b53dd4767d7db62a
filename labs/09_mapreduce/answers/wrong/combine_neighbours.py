"""Groups neighbours without having sorted.

caught_by: test_combine_brings_equal_keys_together
hint: need not be neighbours
"""

from itertools import groupby


def combine(records, reduce):
    result = []
    for key, group in groupby(records, key=lambda record: record[0]):
        result.extend(reduce(key, (value for _, value in group)))
    return result
