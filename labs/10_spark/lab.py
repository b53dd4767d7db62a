# ---
# title: Spark
# minutes: 120
# prerequisites: [02_task_graphs, 09_mapreduce]
# needs: {spark: {workers: 2}}
# ---

# %% [markdown]
# # Spark
#
# Between two MapReduce jobs everything goes to disk and comes back. For one job that is harmless. A model
# that is fitted in twenty steps is twenty jobs, and the same lines are read, split and parsed twenty times.
# Spark's answer of 2010: keep the data in the workers' memory, and remember of each piece **how it was made**, in case
# it is lost.
#
# In this lab you write seven functions. Plain Python tells what is right; **stages, bytes shuffled, records a
# task, and how often a line is read** tell whether it will still be right on data that fit nowhere. Nothing is
# graded by the clock.
#
# You need unit 09 (map, reduce, shuffle, combiner) and the lecture *Spark*. Every task comes with a check
# cell, which you may run as often as you like, and with three hints. Where the text asks for a
# **prediction**, write it down before you run the next cell.

# %% given
import random
from collections.abc import Callable
from itertools import chain
from operator import add
from pathlib import Path

import numpy as np
from pyspark import RDD
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from autograder import check
from infra import make, spark

spark.prepare()  # finds Java
session = (
    SparkSession.builder.config("spark.sql.adaptive.enabled", False)
    .config("spark.sql.shuffle.partitions", 4)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
sc = session.sparkContext

# %% [markdown]
# `session` is the door to DataFrames and SQL, `sc`, the Spark context, that to RDDs. Behind both is a program in
# Java, the **driver**, and two workers, which are threads here. (`adaptive.enabled` is switched off so that the
# stages of a plan are those that run. Leave it on outside of this lab.)
#
# ## 1. Word count, once more
#
# An **RDD** is a row of partitions and a recipe for each. `map`, `flatMap` and `filter` write recipes, and run
# nothing; `collect`, `count` and `take` run them. Here is unit 09's map function, and the words of a text:

# %% given
from solutions.shuffle import Map, Record, Reduce, combine
from solutions.words import map_words, reduce_counts

# %% given
text = Path(make("text", "data/text", rows=2_000, partitions=3, format="txt"))
words = sc.textFile(f"{text}/part-*").flatMap(map_words)
words.getNumPartitions(), words.take(3)

# %% [markdown]
# **Predict:** the three partitions hold about 17,000 words, 453 different ones. If you have each of them summed up, how
# many records have to go from the partitions to whoever adds up the sums?

# %% task
from solutions.sums import sum_by_key

# %% check sum_by_key
check("sum_by_key")

# %% [markdown] hints sum_by_key
# 1. Concept: What unit 09 calls a combiner: each partition adds up what it has, and sends one sum a key. Two sums
#    are added up like two values.
# 2. API: `RDD.reduceByKey(function)` combines before it shuffles; `groupByKey()` does not, as it does not know what
#    for. `operator.add` is the function of two numbers.
# 3. Skeleton: one call: `return pairs.…(add)`

# %% given
counts = sum_by_key(words).collect()
lines = chain.from_iterable(file.open() for file in text.glob("part-*"))
of_unit_09 = combine(chain.from_iterable(map(map_words, lines)), reduce_counts)
print("Equal:", sorted(counts) == of_unit_09)

# %% [markdown]
# Now `groupByKey`, which sends every value. `spark.watch()` measures what Spark does inside the block. **Predict:** 8,000
# pairs, 50 keys. How many bytes does `groupByKey` shuffle: if all values are 1, and if they are random numbers?

# %% given
for name, value in (("ones", lambda: 1), ("random numbers", random.random)):
    pairs = sc.parallelize([(f"Z{number % 50:03}", value()) for number in range(8_000)], 2)
    with spark.watch() as facts:
        pairs.groupByKey().mapValues(sum).count()
    print(name, facts.shuffle_write_bytes, "bytes")

# %% [markdown]
# Four thousand equal numbers a partition are compressed to nothing; they shuffle little more than sums would. Who
# measures on ones, finds that `groupByKey` is fine. Measure on data that look like yours.
#
# ## 2. Narrow or wide?
#
# If a partition of the result is made from *one* partition of the input, the step is **narrow**: it can run where
# the partition is, right after the step before. If it needs *all* of them, it is **wide**: a shuffle, and a new
# **stage**. `toDebugString` shows where the stages are: each indentation is one.


# %% given
def trips_of(day):
    """Some trips of one day, as pairs (day, fare in cents)."""
    draw = random.Random(day)
    return [(f"2026-01-{day + 1:02}", draw.randrange(300, 4_000)) for _ in range(500)]


def lineage(rdd):
    print((rdd.toDebugString() or b"").decode())


trips = sc.parallelize(range(6), 3).flatMap(trips_of)
lineage(sum_by_key(trips))

# %% [markdown]
# The trips came from a file a week, and so each partition holds *whole days*. `sum_by_key` cannot know that, and
# shuffles. You know it.
#
# First a trap that everybody steps into once. **Predict:** what does the next cell print?

# %% given
total = 0


def add_up(trip):
    global total
    total += trip[1]


trips.foreach(add_up)
total

# %% [markdown]
# Functions travel to the workers, with copies of the variables that they use, and what they change there stays
# there. Results come back as *values*, by an action, or not at all. Now add up the fares of each day, in one stage.

# %% task
from solutions.sums import daily_totals

# %% check daily_totals
check("daily_totals")

# %% [markdown] hints daily_totals
# 1. Concept: A function that gets a whole partition can keep a small dict while it goes through it.
# 2. API: `RDD.mapPartitions(function)`: the function gets an iterator of the partition's elements and gives an
#    iterable of the result's.
# 3. Skeleton: a function with a `defaultdict(int)`; a loop over `part` that adds; `return totals.items()`. Then
#    `return trips.mapPartitions(…)`.

# %% given
lineage(daily_totals(trips))

# %% [markdown]
# ## 3. Join what lies together
#
# A join is wide on both sides: rows with equal keys have to meet. But if both sides were dealt out *by the same rule*
# before, they have met already: partition 0 of one needs partition 0 of the other and nothing else. That pays when
# the same table is joined again and again: deal it out once.
#
# The rule is the RDD's **partitioner**. **Predict:** which of the next four still have one?

# %% given
fares = sc.parallelize([(f"Z{n % 40:03}", 300 + n) for n in range(2_000)], 2)
names = sc.parallelize([(f"Z{n:03}", f"name of {n}") for n in range(40)], 2)
dealt = fares.partitionBy(2)
for rdd in (fares.repartition(2), dealt, dealt.map(lambda fare: fare), dealt.filter(bool)):
    print(rdd.partitioner is not None)

# %% [markdown]
# `map` might have changed the keys, and nobody looks into your function. Convert the fares, and deal out both sides so
# that joining them shuffles nothing more.

# %% task
from solutions.lookups import copartition

# %% check copartition
check("copartition")

# %% [markdown] hints copartition
# 1. Concept: Both sides by the same rule into as many partitions. What comes after that must not be able to change
#    keys.
# 2. API: `RDD.partitionBy(number)`; `RDD.mapValues(function)` changes values only and keeps the partitioner;
#    `RDD.repartition` deals out in turn, by no rule that a join could use.
# 3. Skeleton: `euros = fares.partitionBy(…).mapValues(…)`; return it with the other side, dealt out alike.

# %% given
euros, named = copartition(fares, names, 2)
euros.join(named).count()  # both are dealt out here, once
with spark.watch() as facts:
    euros.join(named).count()
print(facts.stages, "stage;", facts.skipped_stages, "skipped;", facts.shuffle_write_bytes, "bytes")
lineage(euros.join(named))

# %% [markdown]
# ### To write: what is lost with a worker?
#
# The text above is the **lineage** of the join: how each partition of it is made. Suppose a worker dies after the
# first `count`, and with it the shuffle files that its tasks had written for `euros`. Answer in three to five
# sentences: what does Spark have to compute again for the second `count`, and what not? Why does Spark not keep a
# second copy of each partition, as a file system does? And when is lineage a bad insurance?

# %% answer lineage points=4
# The second count needs all partitions of the join. Each is made from what all map tasks of `fares` and of `names` have
# left for it. Only the map tasks whose files died with the worker are run again, from their partition of `fares`
# (which the driver still has, as it was made by `parallelize`); the other map tasks' files are fetched as before, and
# so are those of `names`. A second copy would cost memory and network on every run, while a worker dies rarely; the
# recipe is a few lines of text. It is bad insurance if the recipe is long (a hundred steps of an iteration: write a
# checkpoint to disk now and then), if the steps are expensive, or if they do not give the same twice (random numbers
# without a seed, a source that changes).

# %% [markdown]
# ## 4. Tables: let Spark see what you want
#
# To an RDD your functions are black boxes. A **DataFrame** has named columns and its steps are expressions that Spark
# can read, so its planner, **Catalyst**, can change them. Here are trips in Parquet files. **Predict:** of eight
# columns, which does the next plan read? And which rows?

# %% given
make("trips", "data/trips", rows=20_000, partitions=4)
trips = session.read.parquet("data/trips/*.parquet")
trips.where(F.col("fare_cents") > 3_000).select("zone", "tip_cents").explain()

# %% [markdown]
# Look at `ReadSchema` (three columns) and `PushedFilters` (the condition stands at the reader). Nobody asked for
# that.
#
# Now a small table: each zone's borough. It came from a list, so Spark does not know how small it is. **Predict:** how
# many `Exchange`s, which is what a plan calls a shuffle, has the next plan?

# %% given
boroughs = [(f"Z{number:03}", ("North", "East", "South")[number % 3]) for number in range(200)]
zones = session.createDataFrame(boroughs, ["zone", "borough"])
known = trips.join(zones, "zone", "left").groupBy("borough")
known.agg(F.count("*"), F.sum("fare_cents")).explain()

# %% [markdown]
# Two for the join and one for the sums: all trips are dealt out by zone, and sorted. And yet 200 rows could be copied to
# every worker. (Tables of which it *knows* that they have less than 10 MB, Spark copies by itself.)

# %% task
from solutions.lookups import broadcast_join

# %% check broadcast_join
check("broadcast_join")

# %% [markdown] hints broadcast_join
# 1. Concept: If every worker has the whole small table, each trip can be joined where it is. Only sums are left to be
#    shuffled. And a trip whose zone nobody knows is a trip.
# 2. API: `F.broadcast(frame)` marks the table to be copied; `join(other, "zone", how)` with `how` "inner", "left", …;
#    `groupBy(…).agg(F.count("*").alias("…"), F.sum("…").alias("…"))`.
# 3. Skeleton: `known = trips.join(…(zones), "zone", "…")`; `return known.groupBy("borough").agg(…, …)`

# %% given
with spark.watch() as facts:
    broadcast_join(trips, zones).show()
facts.shuffle_write_bytes, facts.plans[-1]

# %% [markdown]
# ## 5. One key is most of the table
#
# Now the other table is too large to be copied, and 65 % of the trips are from one zone, the airport. **Predict:** eight
# tasks do the join. How many of the 12,000 trips does the busiest task get?

# %% given
airport = session.range(12_000, numPartitions=4).select(
    F.col("id").alias("trip_id"),
    F.when(F.rand(1) < 0.65, "Z000")
    .otherwise(F.format_string("Z%03d", F.floor(F.rand(2) * 40).cast("int")))
    .alias("zone"),
    (F.rand(3) * 4_000).cast("long").alias("fare_cents"),
)
rates = session.createDataFrame([(f"Z{n:03}", n / 100) for n in range(40)], ["zone", "rate"])
session.conf.set("spark.sql.shuffle.partitions", 8)
session.conf.set("spark.sql.autoBroadcastJoinThreshold", -1)


def records_of_tasks(joined):
    with spark.watch() as facts:
        joined.count()
    return [s.task_records for s in facts.by_stage if s.shuffle_read_records > 1_000]


records_of_tasks(airport.join(rates, "zone"))

# %% [markdown]
# More workers do not help: all rows of one key go to one task. So make several keys of one. A **salt** is a
# small number beside the key. Each trip gets one; each rate has to be there with every one of them, or a
# trip would miss it.

# %% task
from solutions.skew import salted_join

# %% check salted_join
check("salted_join")

# %% [markdown] hints salted_join
# 1. Concept: The trips get a column `salt` from 0 to `salts - 1`, different for trips of the same zone. Each row of the rates is
#    copied once for each salt. The join is on zone *and* salt.
# 2. API: `F.explode(array)` makes a row for each element; `F.sequence(F.lit(0), F.lit(n))` is an array of numbers.
#    `F.pmod(F.xxhash64("trip_id"), F.lit(n))` is a number that belongs to the row, and the same if the row is computed again.
#    `frame.withColumn("salt", …)`.
# 3. Skeleton: `copies = rates.withColumn("salt", F.explode(…))`; `salted = trips.withColumn("salt", …)`;
#    `salted.join(copies, ["zone", "salt"]).select(…)`

# %% given
records_of_tasks(salted_join(airport, rates, 32))

# %% [markdown]
# ## 6. Data that have not arrived yet
#
# A stream is a table that grows. The same expressions work on it, and Spark runs them on what is new. The counts so far
# are **state**. Clicks come late: a phone was in a tunnel. If you never close an hour, its count stays in the state for
# ever. A **watermark** says how late a click may be: "one hour behind the latest one seen". What is behind that is forgotten.
#
# **Predict:** a click at 8:59 arrives when others of 9:50 have been seen. Is it counted, with a watermark of one
# hour? If hours are made *first*, by rounding down, and the watermark is on the rounded time?

# %% task
from solutions.streams import stream_counts

# %% check stream_counts
check("stream_counts")

# %% [markdown] hints stream_counts
# 1. Concept: Say how late a click may be before you group, on the column that says when it happened. The groups are windows
#    of that very column, so that the engine knows when one is over.
# 2. API: `frame.withWatermark("column", "10 minutes")`; `F.window("column", "5 minutes")` is a column to group by, with the
#    fields `start` and `end`; `F.count("*")`.
# 3. Skeleton: `in_time = clicks.withWatermark(…)`; `counted = in_time.groupBy(F.window(…), "zone").agg(…)`; then select
#    `F.col("window.start").alias("hour")` and the other two.

# %% [markdown]
# Two files of clicks, one after the other. The list shows for each batch how many clicks came in, and how many counts
# the state holds after it. (`availableNow` ends the stream when
# all files have been seen.)

# %% given
session.conf.set("spark.sql.shuffle.partitions", 1)
make("clicks", "data/clicks", rows=1_000, partitions=2)
columns = session.read.parquet("data/clicks/*.parquet").schema
stream = session.readStream.schema(columns).option("maxFilesPerTrigger", 1)
clicks = stream.parquet("data/clicks/*.parquet").withColumn("at", F.col("at").cast("timestamp"))
query = (
    stream_counts(clicks)
    .writeStream.outputMode("update")
    .format("memory")
    .queryName("hours")
    .trigger(availableNow=True)
    .start()
)
query.awaitTermination()
batches = [
    (p["numInputRows"], p["stateOperators"][0]["numRowsTotal"]) for p in query.recentProgress
]
batches, session.table("hours").groupBy().sum("clicks").collect()

# %% [markdown]
# ## 7. Correct but slow: make it scale
#
# Logistic regression finds weights by **gradient descent**: again and again it goes through all points and asks each,
# in which direction it would like to have the weights. `parse` makes a point of a line; `slope` is what one point says.

# %% given
from solutions.logistic import parse, slope

# %% given
draw = np.random.default_rng(10)
features = draw.normal(size=(600, 3))
labels = (features @ [2, -1, 0] + draw.normal(size=600) > 0).astype(int)
rows = [" ".join(map(str, [y, *x.round(3)])) for y, x in zip(labels, features, strict=True)]
Path("data/points").mkdir(exist_ok=True)
Path("data/points/part-0.txt").write_text("\n".join(rows))
lines_read = sc.accumulator(0)


def read(line):
    lines_read.add(1)  # an accumulator brings counts back from the workers
    return line


points_file = sc.textFile("data/points", 2).map(read)


# %% [markdown]
# Your colleague's version is correct. **Predict:** the file has 600 lines. How many lines does the cell below read for
# five steps?


# %% given
def logreg_slow(lines, parse, steps, rate):
    weights = np.zeros(len(parse(lines.first())) - 1)
    for _ in range(steps):
        points = lines.map(parse)
        gradient = points.map(lambda point, at=weights: slope(point, at)).reduce(add)
        weights = weights - rate * gradient / points.count()
    return weights.tolist()


print(logreg_slow(points_file, parse, 5, 1.0))
lines_read.value

# %% [markdown]
# An RDD is a recipe. Use it eleven times, and it is cooked eleven times. Write the function so that each line is read and
# parsed once, however many steps there are, the points stay where they are, and the workers' memory is free when you are
# done.

# %% task
from solutions.logistic import logreg

# %% check logreg
check("logreg")

# %% [markdown] hints logreg
# 1. Concept: What is used in every step is worth keeping: the points, not the lines. What is sent in each step is small: the
#    weights there, a sum back.
# 2. API: `RDD.cache()` marks an RDD to be kept when it is next computed; `RDD.unpersist()` lets go. `count`, `first` and
#    `reduce(function)` are actions.
# 3. Skeleton: before the loop `points = lines.map(parse).cache()` and the number of points; in the loop one `reduce`; after the loop
#    let go.

# %% given
before = lines_read.value
print(logreg(points_file, parse, 5, 1.0))
lines_read.value - before

# %% [markdown]
# **What you can do now:** say of a step whether it is narrow, read stages and shuffles from a lineage and a plan, send
# sums and not values, spare a join its shuffle in two ways, take a popular key apart, count a stream that
# comes late, and keep what is used again. End the session; the JVM goes with it.

# %% given
session.stop()
