"""Takes one record of what reduce gives.

caught_by: test_combine_takes_what_reduce_gives
hint: all of them belong
"""

from collections import defaultdict


def combine(records, reduce):
    held = defaultdict(list)
    for key, value in records:
        held[key].append(value)
    return [next(iter(reduce(key, iter(held[key])))) for key in sorted(held)]
