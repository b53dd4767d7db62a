"""The Spark modules, on one JVM: right, and with the stages, bytes and records they promise."""

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from infra import ClusterSpec, make, provision, spark
from solutions.logistic import logreg, parse, slope
from solutions.lookups import broadcast_join, copartition
from solutions.mapreduce import Job, run_job
from solutions.runs import read_run
from solutions.skew import salted_join
from solutions.splits import splits
from solutions.streams import stream_counts
from solutions.sums import daily_totals, sum_by_key
from solutions.words import map_words, reduce_counts


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    with provision(ClusterSpec(engine="spark", workers=2)) as cluster:
        session = cluster.client()
        settings = {"adaptive.enabled": False, "shuffle.partitions": 8, "session.timeZone": "UTC"}
        for name, value in (settings | {"autoBroadcastJoinThreshold": -1}).items():
            session.conf.set(f"spark.sql.{name}", value)
        yield session


def test_word_count_equals_the_engine_of_unit_09(session: SparkSession, tmp_path: Path):
    text = make("text", str(tmp_path / "text"), rows=600, partitions=2, format="txt")
    found = sum_by_key(session.sparkContext.textFile(f"{text}/part-*").flatMap(map_words))
    cut = splits(sorted(Path(text).glob("part-*")), 10_000)
    outputs = run_job(Job(map_words, reduce_counts), cut, tmp_path / "job")
    assert dict(found.collect()) == {w: n for path in outputs for w, n in read_run(path)}


def test_sums_of_random_floats_shuffle_a_tenth_of_what_groups_do(session: SparkSession):
    draw = np.random.default_rng(1)
    rows = [(f"Z{n % 40}", x) for n, x in enumerate(draw.random(8_000).tolist())]
    pairs = session.sparkContext.parallelize(rows, 2)
    with spark.watch() as summed:
        sums = dict(sum_by_key(pairs).collect())
    with spark.watch() as grouped:
        expected = dict(pairs.groupByKey().mapValues(sum).collect())
    assert sums == pytest.approx(expected)
    assert summed.shuffle_write_bytes <= 0.1 * grouped.shuffle_write_bytes


def test_days_that_lie_together_are_added_up_in_one_stage(session: SparkSession):
    pieces = [[("Tue", 5), ("Mon", 7), ("Tue", 1)], [("Wed", 2)]]
    trips = session.sparkContext.parallelize(pieces, 2).flatMap(lambda piece: piece)
    with spark.watch() as facts:
        assert daily_totals(trips).glom().collect() == [[("Tue", 6), ("Mon", 7)], [("Wed", 2)]]
    assert (facts.stages, facts.shuffle_write_bytes) == (1, 0)


def test_sides_that_were_dealt_out_alike_join_without_a_shuffle(session: SparkSession):
    context = session.sparkContext
    fares = context.parallelize([(f"Z{n % 9}", n) for n in range(200)], 3)
    names = context.parallelize([(f"Z{n}", f"name {n}") for n in range(9)], 2)
    euros, named = copartition(fares, names, 4)
    assert euros.join(named).count() == 200
    with spark.watch() as facts:
        assert ("Z3", (0.03, "name 3")) in euros.join(named).collect()
    assert (facts.stages, facts.shuffle_write_bytes) == (1, 0)


@pytest.fixture(scope="module")
def trips(session: SparkSession) -> DataFrame:
    """Trips of which two thirds are from one of 30 zones."""
    zone = F.when(F.rand(1) < 0.65, 0).otherwise(F.floor(F.rand(2) * 30)).cast("string")
    cents = (F.rand(3) * 9_000).cast("long")
    numbers = session.range(6_000, numPartitions=3).withColumnRenamed("id", "trip_id")
    return numbers.withColumns({"zone": zone, "fare_cents": cents}).cache()


def test_a_broadcast_join_shuffles_sums_only(session: SparkSession, trips: DataFrame):
    rows = [(str(n), f"B{n % 3}") for n in range(25)]
    zones = session.createDataFrame(rows, "zone string, borough string")
    trips.count()
    with spark.watch() as facts:
        found = {row["borough"]: row["trips"] for row in broadcast_join(trips, zones).collect()}
    assert sum(found.values()) == 6_000
    assert found[None] == trips.where(F.col("zone").cast("int") >= 25).count() > 0
    assert facts.shuffle_write_bytes < 5_000
    assert "BroadcastHashJoin" in facts.plans[0]


def test_salts_spread_the_popular_zone(session: SparkSession, trips: DataFrame):
    rates = session.createDataFrame(
        [(str(n), n / 8) for n in range(30)], "zone string, rate double"
    )

    def busy(joined: DataFrame) -> float:
        with spark.watch() as facts:
            rows = joined.select("trip_id", "rate").collect()
        assert len({row["trip_id"] for row in rows}) == len(rows) == 6_000
        (stage,) = [s for s in facts.by_stage if s.shuffle_read_records >= 6_000]
        return max(stage.task_records) / max(1, median(stage.task_records))

    assert busy(trips.join(rates, "zone")) > 5
    assert busy(salted_join(trips, rates, 32)) < 3


def test_a_stream_counts_the_late_and_forgets_the_old(session: SparkSession, tmp_path: Path):
    session.conf.set("spark.sql.shuffle.partitions", 1)
    files = [["08:10,A", "09:50,B"], ["09:55,A"], ["08:58,A"], ["14:00,B"]]
    for number, rows in enumerate(files):
        lines = [f"2026-01-01 {row.replace(',', ':00,')}" for row in rows]
        file = tmp_path / f"{number}.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        os.utime(file, (number, number))  # Spark reads the oldest first
    arriving = session.readStream.schema("at timestamp, zone string")
    counts = stream_counts(arriving.option("maxFilesPerTrigger", 1).csv(str(tmp_path)))
    writer = counts.writeStream.outputMode("update").format("memory").queryName("hours")
    query = writer.trigger(availableNow=True).start()
    query.awaitTermination()
    found = {
        (str(r["hour"])[11:13], r["zone"]): r["clicks"] for r in session.table("hours").collect()
    }
    assert found == {("08", "A"): 2, ("09", "B"): 1, ("09", "A"): 1, ("14", "B"): 1}
    assert (query.lastProgress or {})["stateOperators"][0]["numRowsTotal"] == 1


def test_gradient_descent_reads_its_lines_once(session: SparkSession):
    draw = np.random.default_rng(2)
    lines = [f"{n % 2} {x:.3f} {y:.3f}" for n, (x, y) in enumerate(draw.random((50, 2)))]
    read = session.sparkContext.accumulator(0)

    def seen(line: str) -> str:
        read.add(1)
        return line

    weights = np.zeros(3)
    for _ in range(3):
        weights = weights - 0.5 * sum(slope(parse(line), weights) for line in lines) / 50
    with spark.watch() as facts:
        found = logreg(session.sparkContext.parallelize(lines, 3).map(seen), parse, 3, 0.5)
    assert found == pytest.approx(weights.tolist())
    assert (read.value, facts.cache_puts) == (50, 0)
    assert facts.jobs >= 3
