"""Keys come out in the order in which they were first seen.

caught_by: test_combine_brings_equal_keys_together
hint: in the order of the keys
"""

from collections import defaultdict


def combine(records, reduce):
    held = defaultdict(list)
    for key, value in records:
        held[key].append(value)
    return [record for key in held for record in reduce(key, iter(held[key]))]
