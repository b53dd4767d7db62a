"""Adds up by itself, whatever the reduce function is.

caught_by: test_combine_takes_what_reduce_gives
hint: all of them belong
"""

from collections import Counter


def combine(records, reduce):
    held = Counter()
    for key, value in records:
        held[key] += value
    return sorted(held.items())
