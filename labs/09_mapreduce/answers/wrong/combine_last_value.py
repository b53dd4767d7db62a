"""A dict of values: the last one of each key wins.

caught_by: test_combine_brings_equal_keys_together
hint: one record for each key
"""


def combine(records, reduce):
    held = dict(records)
    return [record for key in sorted(held) for record in reduce(key, iter([held[key]]))]
