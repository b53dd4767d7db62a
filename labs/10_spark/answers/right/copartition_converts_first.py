"""Converts while the fares may still lie anywhere, then deals out; and keeps both."""


def copartition(fares, names, partitions):
    euros = fares.map(lambda fare: (fare[0], fare[1] / 100)).partitionBy(partitions)
    return euros.cache(), names.partitionBy(partitions).cache()
