"""A number of the bytes, whose remainder by eight is that of the last byte.

caught_by: test_partition_spreads_keys_that_look_alike
hint: or at the end
"""


def partition(key, reducers):
    return int.from_bytes(key.encode(), "big") % reducers
