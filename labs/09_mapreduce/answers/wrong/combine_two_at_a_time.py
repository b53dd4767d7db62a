"""Calls reduce for each further value: works for sums, and for nothing else.

caught_by: test_combine_reduces_each_key_once
hint: once for each distinct key
"""


def combine(records, reduce):
    held = {}
    for key, value in records:
        if key in held:
            ((_, value),) = reduce(key, iter([held[key], value]))
        held[key] = value
    return sorted(held.items())
