"""By the length of the key.

caught_by: test_partition_spreads_keys_that_look_alike
hint: in length
"""


def partition(key, reducers):
    return len(key) % reducers
