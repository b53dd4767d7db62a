"""One text, one question, four engines: ours, Dask, Spark and Hadoop give the same answer."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import dask.bag as db
import pandas as pd
import pytest
from pyspark.sql import functions as F

from infra import ClusterSpec, content_hash, make, provision
from infra.hadoop import hadoop, results
from solutions.mapreduce import Job, run_job
from solutions.runs import read_run
from solutions.splits import splits
from solutions.sums import sum_by_key
from solutions.words import map_words, reduce_counts

Counts = Mapping[str, Any]


def ours(text: Path, folder: Path) -> Counts:
    """The engine of unit 09, with memory for 300 words, so that it spills."""
    job = Job(map_words, reduce_counts, reduce_counts)
    outputs = run_job(job, splits(sorted(text.glob("part-*")), 20_000), folder, memory=300)
    return {word: count for path in outputs for word, count in read_run(path)}


def dask(text: Path, _: Path) -> Counts:
    with provision(ClusterSpec(workers=2, processes=True)) as cluster, cluster.client():
        lines: Any = db.read_text(str(text / "part-*"), blocksize=20_000)
        return dict(lines.str.split().flatten().frequencies().compute())


def spark(text: Path, _: Path) -> Counts:
    """By an RDD and by a frame, which are two ways through Spark."""
    with provision(ClusterSpec(engine="spark", workers=2)) as cluster:
        session = cluster.client()
        pairs = session.sparkContext.textFile(f"{text}/part-*").flatMap(map_words)
        by_rdd = dict(sum_by_key(pairs).collect())
        words = F.explode(F.split(F.trim("value"), r"\s+")).alias("word")
        frame = session.read.text(f"{text}/part-*").select(words).where("word != ''")
        by_frame = {row.word: row["count"] for row in frame.groupBy("word").count().collect()}
    assert by_frame == by_rdd
    return by_rdd


def hadoop_classes(text: Path, folder: Path) -> Counts:
    hadoop(text, folder, reducers=2)
    return results(folder)


def digest(counts: Counts) -> str:
    """The content hash of the counts, sorted by word."""
    rows = sorted((word, int(count)) for word, count in counts.items())
    return content_hash(pd.DataFrame(rows, columns=["word", "count"]))


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    return Path(make("text", folder, rows=3000, partitions=3, format="txt"))


@pytest.mark.slow
@pytest.mark.parametrize("engine", [ours, dask, spark, hadoop_classes])
def test_every_engine_has_the_same_answer(
    engine: Callable[[Path, Path], Counts], text: Path, tmp_path: Path
):
    by_hand = Counter(word for part in text.glob("part-*") for word in part.read_text().split())
    assert digest(engine(text, tmp_path / "job")) == digest(by_hand)
