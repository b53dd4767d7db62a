"""A join on a key of which one value is most of the table.

All rows of a key go to one task, so the task that gets the popular key works while the others
wait. A salt, a small number added to the key, cuts that key into pieces:

    left    (Z000, row)  ->  (Z000, 3, row)                  one of the salts, by the row
    right   (Z000, rate) ->  (Z000, 0, rate), (Z000, 1, rate), ...      every salt

Each left row still meets its right row exactly once. The price is a right side of so many copies.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def salted_join(trips: DataFrame, rates: DataFrame, salts: int) -> DataFrame:
    """Join trips with rates on `zone` so that no task gets most of them.

    `trips` has the columns `trip_id` (unique), `zone` and `fare_cents`; more than half of its rows
    may have the same zone. `rates` has `zone`, each once, and `rate`; it is too large to be
    broadcast. Returns a lazy DataFrame with the rows of the inner join and the columns `trip_id`,
    `zone`, `fare_cents`, `rate`, in any order. The rows of one zone are dealt out over `salts`
    (2 or more) pieces of about equal size, of which each can be joined in another task. Each trip
    passes through one shuffle, and each rate is sent `salts` times.

    >>> salted_join(trips, rates, 8).columns
    ['trip_id', 'zone', 'fare_cents', 'rate']
    """
    every = F.sequence(F.lit(0), F.lit(salts - 1))
    copies = rates.withColumn("salt", F.explode(every))
    salted = trips.withColumn("salt", F.pmod(F.xxhash64("trip_id"), F.lit(salts)).cast("int"))
    joined = salted.join(copies, ["zone", "salt"])
    return joined.select("trip_id", "zone", "fare_cents", "rate")
