"""Python's own hash, which is salted in each process.

caught_by: test_partition_is_the_same_in_every_process
hint: salted anew
"""


def partition(key, reducers):
    return hash(key) % reducers
