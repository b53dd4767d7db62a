"""What the tests run in the student's process: give the functions data, and bring back what came.

Each returns plain facts; None stands for a result that is not of the promised kind.
"""


def pairs_of(function, pieces):
    """The pairs that a function makes of an RDD with these pieces as partitions, by partition."""
    from pyspark import RDD, SparkContext

    context = SparkContext.getOrCreate()
    result = function(context.parallelize(pieces, len(pieces)).flatMap(lambda piece: piece))
    return result.glom().collect() if isinstance(result, RDD) else None


def planned_pairs(function, pieces, *args):
    """Have a function make its RDDs, and compute nothing."""
    from pyspark import RDD, SparkContext

    context = SparkContext.getOrCreate()
    if isinstance(pieces, dict):
        given = [context.parallelize(rows, 3) for rows in pieces.values()]
    else:
        given = [context.parallelize(pieces, len(pieces)).flatMap(lambda piece: piece)]
    result = function(*given, *args)
    made = result if isinstance(result, tuple) else (result,)
    return all(isinstance(rdd, RDD) for rdd in made)


def most_held(function, trips):
    """How many trips of the one partition exist at once, at most, while a function goes through."""
    from pyspark import SparkContext

    found = SparkContext.getOrCreate().accumulator(0)

    def counted(part):
        alive, most = [0], 0

        class Fare(int):
            def __init__(self, *_):
                alive[0] += 1

            def __del__(self):
                alive[0] -= 1

        for day, fare in part:
            yield day, Fare(fare)
            most = max(most, alive[0])
        found.add(most)

    function(SparkContext.getOrCreate().parallelize(trips, 1).mapPartitions(counted)).count()
    return found.value


def words_counted(sum_by_key, pieces):
    """The words of pieces of lines, counted with the student's sum."""
    from pyspark import SparkContext

    lines = SparkContext.getOrCreate().parallelize(pieces, len(pieces)).flatMap(lambda part: part)
    words = lines.flatMap(str.split).map(lambda word: (word, 1))
    return sum_by_key(words).collect()


def dealt_out(copartition, fares, names, partitions):
    """Both sides as they lie in their partitions."""
    from pyspark import RDD, SparkContext

    context = SparkContext.getOrCreate()
    both = copartition(context.parallelize(fares, 3), context.parallelize(names, 2), partitions)
    if not isinstance(both, tuple) or not all(isinstance(side, RDD) for side in both):
        return None
    return [side.glom().collect() for side in both]


def joined(copartition, fares, names, partitions):
    """The join of what was dealt out, and what the join could know about both sides."""
    from pyspark import SparkContext

    context = SparkContext.getOrCreate()
    given = context.parallelize(fares, 3), context.parallelize(names, 2)
    euros, names = copartition(*given, partitions)
    return {
        "rows": euros.join(names).collect(),
        "known": [side.partitioner is not None for side in (euros, names)],
    }


def frame_of(function, left, right, shuffles, *args):
    """The columns and rows of the frame that a function makes of two tables.

    left, right: (columns with types, rows). shuffles: partitions of a shuffle.
    """
    from pyspark.sql import DataFrame, SparkSession

    session = SparkSession.builder.getOrCreate()
    session.conf.set("spark.sql.adaptive.enabled", False)
    session.conf.set("spark.sql.autoBroadcastJoinThreshold", -1)
    session.conf.set("spark.sql.shuffle.partitions", shuffles)
    tables = (
        session.createDataFrame(session.sparkContext.parallelize(rows, 2), schema)
        for schema, rows in (left, right)
    )
    result = function(*tables, *args)
    if not isinstance(result, DataFrame):
        return None
    return {"columns": result.columns, "rows": [tuple(row) for row in result.collect()]}


def planned_frame(function, left, right, *args):
    """Have a function make its frame, and compute nothing."""
    from pyspark.sql import DataFrame, SparkSession

    session = SparkSession.builder.getOrCreate()
    tables = (
        session.createDataFrame(session.sparkContext.parallelize(rows, 2), schema)
        for schema, rows in (left, right)
    )
    return isinstance(function(*tables, *args), DataFrame)


def streamed(stream_counts, files):
    """Send files of (time, zone) through a stream, one after the other, each a batch.

    Returns the columns, the last count of each hour and zone, and how many counts the engine still
    keeps at the end.
    """
    import os
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from pyspark.sql import DataFrame, SparkSession

    session = SparkSession.builder.getOrCreate()
    session.conf.set("spark.sql.shuffle.partitions", 1)
    with TemporaryDirectory() as folder:
        source = Path(folder, "clicks")
        source.mkdir()
        for number, rows in enumerate(files):
            file = source / f"{number:03}.csv"
            file.write_text("".join(f"{at},{zone}\n" for at, zone in rows))
            os.utime(file, (10**9 + number, 10**9 + number))
        clicks = session.readStream.schema("at timestamp, zone string")
        clicks = clicks.option("maxFilesPerTrigger", 1).csv(str(source))
        counts = stream_counts(clicks)
        if not isinstance(counts, DataFrame) or not counts.isStreaming:
            return None
        writer = counts.writeStream.outputMode("update").format("memory").queryName("seen")
        writer = writer.option("checkpointLocation", f"{folder}/state")
        query = writer.trigger(availableNow=True).start()
        try:
            query.awaitTermination()
            rows = session.table("seen").collect()
            progress = query.lastProgress or {}
            kept = [state["numRowsTotal"] for state in progress.get("stateOperators", [])]
        finally:
            query.stop()
            session.catalog.dropTempView("seen")
    if sorted(counts.columns) != ["clicks", "hour", "zone"]:
        return {"columns": counts.columns, "counts": {}, "kept": 0}
    last = {(str(row["hour"]), row["zone"]): row["clicks"] for row in rows}
    return {"columns": counts.columns, "counts": last, "kept": sum(kept)}


def fitted(logreg, pieces, steps, rate):
    """The weights, and how many lines were read and were parsed."""
    import numpy as np
    from pyspark import SparkContext

    context = SparkContext.getOrCreate()
    read, parsed = context.accumulator(0), context.accumulator(0)

    def seen(line):
        read.add(1)
        return line

    def parse(line):
        parsed.add(1)
        label, *features = map(float, line.split())
        return np.array([label, 1.0, *features])

    lines = context.parallelize(pieces, len(pieces)).flatMap(lambda piece: piece).map(seen)
    weights = logreg(lines, parse, steps, rate)
    return {
        "weights": [float(weight) for weight in weights],
        "read": read.value,
        "parsed": parsed.value,
    }
