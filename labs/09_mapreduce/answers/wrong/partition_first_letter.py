"""By the first letter, as in a library.

caught_by: test_partition_spreads_keys_that_look_alike
hint: often alike at the beginning
"""


def partition(key, reducers):
    return ord(key[0]) % reducers if key else 0
