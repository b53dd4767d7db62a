"""Counts reducers from one.

caught_by: test_partition_is_the_number_of_a_reducer
hint: there are the numbers 0 to
"""

from zlib import crc32


def partition(key, reducers):
    return crc32(key.encode()) % reducers + 1
