"""As many partitions on both sides, dealt out in turn.

caught_by: test_copartition_joins_without_a_shuffle
hint: no partitioner
"""


def copartition(fares, names, partitions):
    euros = fares.mapValues(lambda cents: cents / 100)
    return euros.repartition(partitions), names.repartition(partitions)
