"""Spreads evenly, and sends one key everywhere.

caught_by: test_partition_remembers_nothing
hint: must say the same
"""

from random import randrange


def partition(key, reducers):
    return randrange(reducers)
