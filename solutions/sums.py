"""Sums by key on an RDD, with a shuffle and without one.

A partition of an RDD is made from partitions of its parents, and the way of it decides the price:

    narrow   from one partition of each parent: map, filter, mapPartitions, union
    wide     from all of them: reduceByKey, groupByKey, sortBy, join

A wide step ends a stage. Everything before it is written to shuffle files, and everything after
it has to wait. So: do what can be done narrowly first, and go wide with what is left.
"""

from collections import defaultdict
from collections.abc import Iterable
from operator import add

from pyspark import RDD


def sum_by_key(pairs: RDD[tuple[str, float]]) -> RDD[tuple[str, float]]:
    """The sum of each key's values, as an RDD with one pair (key, sum) a key, in any order.

    `pairs` is an RDD of pairs (key, number); a key may occur in every partition. Nothing is
    computed yet: the result is lazy. When it is computed, at most one record of a key leaves each
    partition, however often the key occurs in it, and no sum passes through the driver.

    >>> sum_by_key(sc.parallelize([("a", 1), ("b", 5), ("a", 2)])).collect()
    [('b', 5), ('a', 3)]
    """
    return pairs.reduceByKey(add)


def daily_totals(trips: RDD[tuple[str, int]]) -> RDD[tuple[str, int]]:
    """The fares of each day added up, in one stage.

    `trips` is an RDD of pairs (day, fare in cents). Its partitions hold whole days: all trips of a
    day are in one partition, in any order, and a partition may have several days or none. Returns
    a lazy RDD with one pair (day, sum) a day, in as many partitions as `trips` has. Nothing is
    shuffled, since whatever belongs together is together already. A partition may have more trips
    than memory; its days fit.

    >>> daily_totals(sc.parallelize([("Mon", 700), ("Tue", 300), ("Mon", 50)], 1)).collect()
    [('Mon', 750), ('Tue', 300)]
    """
    return trips.mapPartitions(_totals)


def _totals(trips: Iterable[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    totals: defaultdict[str, int] = defaultdict(int)
    for day, fare in trips:
        totals[day] += fare
    return totals.items()
