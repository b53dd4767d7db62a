"""Deals out, then uses `map`, which may change keys: the partitioner is forgotten.

caught_by: test_copartition_joins_without_a_shuffle
hint: forgets how it was dealt out
"""


def copartition(fares, names, partitions):
    euros = fares.partitionBy(partitions).map(lambda fare: (fare[0], fare[1] / 100))
    return euros, names.partitionBy(partitions)
