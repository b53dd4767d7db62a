"""Two joins that do not move the large table: one prepares both sides, one copies the small side.

An ordinary join deals out every row of both tables by a hash of the key. That is not needed if

    both sides have been dealt out alike before: partition i meets partition i (copartition);
    one side fits into each worker's memory: it is sent there whole, once (broadcast_join).
"""

from pyspark import RDD
from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def copartition(
    fares: RDD[tuple[str, int]], names: RDD[tuple[str, str]], partitions: int
) -> tuple[RDD[tuple[str, float]], RDD[tuple[str, str]]]:
    """Both sides dealt out alike by zone, so that `euros.join(names)` shuffles nothing.

    `fares` is an RDD of pairs (zone, fare in cents), `names` one of pairs (zone, name). Returns the
    pair (euros, names): `euros` has a pair (zone, fare in euros) for each fare, `names` has the
    names as they were. Both have `partitions` partitions and the same partitioner, and equal zones
    are in partitions of equal number. Nothing is computed yet.

    >>> fares, names = sc.parallelize([("Z1", 750)]), sc.parallelize([("Z1", "Mole")])
    >>> euros, names = copartition(fares, names, 4)
    >>> euros.join(names).collect()
    [('Z1', (7.5, 'Mole'))]
    """
    euros = fares.partitionBy(partitions).mapValues(lambda cents: cents / 100)
    return euros, names.partitionBy(partitions)


def broadcast_join(trips: DataFrame, zones: DataFrame) -> DataFrame:
    """The trips and the fares of each borough, without a shuffle of the trips.

    `trips` has the columns `zone` and `fare_cents` (and others) and is large. `zones` has `zone`,
    each once, and `borough`; it has a few thousand rows and fits into each worker's memory. Returns
    a lazy DataFrame with the columns `borough`, `trips` (how many) and `fare_cents` (their sum), a
    row a borough in any order. Trips of a zone that `zones` does not know count as well, under the
    borough null. What is shuffled are sums, a few kilobytes, whatever the size of `trips`.

    >>> broadcast_join(trips, zones).show()
    +-------+-----+----------+
    |borough|trips|fare_cents|
    +-------+-----+----------+
    |  North|    2|      1550|
    |   null|    1|       400|
    +-------+-----+----------+
    """
    known = trips.join(F.broadcast(zones), "zone", "left")
    return known.groupBy("borough").agg(
        F.count("*").alias("trips"), F.sum("fare_cents").alias("fare_cents")
    )
