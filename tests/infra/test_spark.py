"""Local Spark in this process, and what its facts say of known programs."""

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from pyspark.sql import SparkSession, functions

from infra import ClusterSpec, provision, spark
from infra.spark import home

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    with provision(ClusterSpec(engine="spark", workers=2)) as cluster:
        session = cluster.client()
        session.conf.set("spark.sql.adaptive.enabled", "false")
        session.conf.set("spark.sql.shuffle.partitions", "4")
        yield session
    assert not cluster.environment.items() & os.environ.items()


def test_the_notebook_only_asks_for_a_session(session: SparkSession) -> None:
    assert SparkSession.builder.getOrCreate() is session
    assert session.sparkContext.master == "local[2]"
    assert session.sparkContext.uiWebUrl is None


def test_a_process_has_one_spark_at_a_time(session: SparkSession) -> None:  # noqa: ARG001
    with (
        pytest.raises(RuntimeError, match=r"runs in this process already.*restart"),
        provision(ClusterSpec(engine="spark")),
    ):
        pass


def test_narrow_steps_are_one_stage(session: SparkSession) -> None:
    numbers = session.sparkContext.parallelize(range(1000), 4)
    with spark.watch() as narrow:
        numbers.map(lambda n: n + 1).filter(lambda n: n % 2 == 0).count()
    assert (narrow.jobs, narrow.stages, narrow.tasks) == (1, 1, 4)
    assert narrow.shuffle_read_bytes == narrow.shuffle_write_bytes == 0


def test_grouping_moves_far_more_than_summing(session: SparkSession) -> None:
    draw = random.Random(0)
    pairs = [(key % 10, draw.random()) for key in range(20_000)]
    keyed = session.sparkContext.parallelize(pairs, 4).cache()
    keyed.count()
    with spark.watch() as summed:
        keyed.reduceByKey(lambda a, b: a + b).collect()
    with spark.watch() as grouped:
        keyed.groupByKey().mapValues(sum).collect()
    assert summed.stages == grouped.stages == 2
    assert 0 < summed.shuffle_write_bytes == summed.shuffle_read_bytes
    assert summed.shuffle_write_bytes < 0.1 * grouped.shuffle_write_bytes
    keyed.unpersist()


def test_shuffle_files_that_are_there_skip_a_stage_and_the_cache_is_hit(
    session: SparkSession,
) -> None:
    summed = session.sparkContext.parallelize([(n % 3, n) for n in range(99)], 4)
    summed = summed.reduceByKey(lambda a, b: a + b, 4).cache()
    with spark.watch() as first:
        summed.collect()
    with spark.watch() as second:
        summed.collect()
    assert (first.stages, first.skipped_stages, first.cache_puts, first.cache_hits) == (2, 0, 4, 0)
    assert (second.stages, second.skipped_stages, second.cache_puts) == (1, 1, 0)
    assert (second.cached_partitions, second.cache_hits, second.shuffle_read_bytes) == (4, 4, 0)
    assert second.input_bytes > 0, "cached blocks count as input"
    summed.unpersist(blocking=True)
    with spark.watch() as third:
        summed.collect()
    assert (third.cached_partitions, third.cache_hits) == (0, 0)


def test_sql_says_files_rows_and_plan(session: SparkSession, tmp_path: Path) -> None:
    table = session.range(1000).withColumn("key", functions.col("id") % 5)
    table.repartition(3).write.parquet(f"{tmp_path}/table")
    read = session.read.parquet(f"{tmp_path}/table")
    names = session.createDataFrame([(1, "one"), (2, "two")], ["key", "name"])
    with spark.watch() as joined:
        read.join(functions.broadcast(names), "key").select("name").collect()
    with spark.watch() as counted:
        read.groupBy("key").count().collect()
    assert (joined.input_files, joined.input_records, joined.shuffle_write_bytes) == (3, 1000, 0)
    assert 0 < joined.input_bytes < sum(p.stat().st_size for p in tmp_path.rglob("*.parquet"))
    assert "BroadcastHashJoin" in joined.plans[0]
    assert not any("Exchange" in plan for plan in joined.plans)
    assert counted.plans[0][-1] == "Scan parquet"
    assert counted.plans[0].count("HashAggregate") == 2
    assert counted.shuffle_read_records == 5 * counted.by_stage[0].tasks
    assert counted.by_stage[1].shuffle_read_records == counted.shuffle_read_records


def test_skew_shows_in_the_records_of_tasks(session: SparkSession) -> None:
    skewed = session.range(10_000).select(
        functions.when(functions.col("id") % 10 == 0, functions.col("id")).otherwise(0).alias("key")
    )
    with spark.watch() as facts:
        skewed.repartition(8, "key").foreach(lambda _: None)
    stage = facts.by_stage[-1]
    assert (stage.tasks, sum(stage.task_records)) == (8, 10_000)
    assert stage.max_records == max(stage.task_records) > 9000
    assert stage.median_records < 300


def test_a_function_that_raises_is_a_failed_task(session: SparkSession) -> None:
    numbers = session.sparkContext.parallelize([1, 0], 2)
    with spark.watch() as facts, pytest.raises(Exception, match="ZeroDivisionError"):
        numbers.map(lambda n: 1 / n).collect()
    assert (facts.jobs, facts.failed_tasks) == (1, 1)


def test_facts_are_of_the_block_and_after_it(session: SparkSession) -> None:
    session.range(10).count()
    with spark.watch() as facts, pytest.raises(AttributeError, match="leave the `with` block"):
        assert facts.jobs
    assert (facts.jobs, facts.stages, facts.tasks, facts.plans) == (0, 0, 0, ())


@mock.patch.dict(os.environ)
def test_what_is_provided_already_is_left_alone(session: SparkSession) -> None:  # noqa: ARG001
    before = dict(os.environ)
    spark.prepare(ClusterSpec(engine="spark", workers=7))
    assert dict(os.environ) == before
    del os.environ["SPARK_CONF_DIR"]
    os.environ["OUTGROW_SPARK"] = json.dumps({"workers": 7})
    spark.prepare()
    settings = Path(os.environ["SPARK_CONF_DIR"], "spark-defaults.conf").read_text()
    assert "spark.master local[7]\n" in settings


@pytest.mark.parametrize("told", ['{"workers": 0}', "[]", '{"engine": "flink"}', "no"])
def test_a_wrong_spec_in_the_environment_is_said(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTGROW_SPARK", told)
    with pytest.raises(ValueError, match=r"OUTGROW_SPARK=.*Set it to JSON"):
        home.spec_of_environment()
