"""Uses `map` after all, and promises that the keys stay what they are."""


def copartition(fares, names, partitions):
    def euros(fare):
        zone, cents = fare
        return zone, cents / 100

    dealt = fares.partitionBy(partitions).map(euros, preservesPartitioning=True)
    return dealt, names.partitionBy(partitions)
