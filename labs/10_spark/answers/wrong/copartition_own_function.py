"""Deals out both sides by a function of its own, which the join does not use.

caught_by: test_copartition_joins_without_a_shuffle
hint: by a function of its own
"""

import zlib


def copartition(fares, names, partitions):
    def place(zone):
        return zlib.crc32(zone.encode())

    euros = fares.mapValues(lambda cents: cents / 100)
    return euros.partitionBy(partitions, place), names.partitionBy(partitions, place)
