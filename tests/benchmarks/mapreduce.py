"""Count the words of one text on our MapReduce engine and on others, and compare the answers.

Every engine reads the same files, uses two cores, and hands its counts to this process; what it
needs before it can begin (a session, a cluster, a compiled job) is started outside of the clock,
except for Hadoop, whose JVM is the job, and for the pipe of GNU tools. The ratio is the time of the
quicker of PySpark's RDD and Dask's bag over ours.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from operator import add
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd

from infra import content_hash, make
from infra.hadoop import compiled, hadoop, results
from infra.java import java_home
from solutions.mapreduce import Job, run_job
from solutions.runs import read_run
from solutions.splits import splits
from solutions.words import map_words, reduce_counts

TARGET = 1.0
BYTES_A_LINE, PARTS, CORES, SPLIT = 39.14, 4, 2, 32 * 2**20
Counts = Mapping[str, Any]
Engine = Callable[[Path, Path], Counts]


@contextmanager
def ours() -> Iterator[Engine]:
    """map_words, reduce_counts also as combiner, two processes at a time."""

    def count(text: Path, folder: Path) -> Counts:
        shares = splits(sorted(text.glob("part-*")), SPLIT)
        job = Job(map_words, reduce_counts, reduce_counts)
        return dict(
            record
            for path in run_job(job, shares, folder, workers=CORES)
            for record in read_run(path)
        )

    yield count


@contextmanager
def dask_bag() -> Iterator[Engine]:
    """read_text, split, flatten, frequencies, on a cluster of two processes."""
    import dask.bag as db
    from distributed import Client, LocalCluster

    def count(text: Path, _: Path) -> Counts:
        lines: Any = db.read_text(str(text / "part-*"), blocksize=SPLIT)
        return dict(lines.str.split().flatten().frequencies().compute())

    options = {"threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(CORES, **options) as cluster, Client(cluster):
        yield count


@contextmanager
def pyspark_rdd() -> Iterator[Engine]:
    """flatMap, map, reduceByKey, in a local session of two cores."""
    os.environ |= {"JAVA_HOME": str(java_home()), "PYSPARK_PYTHON": sys.executable}
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    quiet = builder.master(f"local[{CORES}]").config("spark.ui.enabled", "false")
    session = quiet.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")

    def count(text: Path, _: Path) -> Counts:
        lines = session.sparkContext.textFile(str(text / "part-*"))
        pairs = lines.flatMap(lambda line: line.split()).map(lambda word: (word, 1))
        return dict(pairs.reduceByKey(add).collect())

    yield count
    session.stop()


@contextmanager
def hadoop_classes() -> Iterator[Engine]:
    """Hadoop's TokenCounterMapper and IntSumReducer, also as combiner, JVM included."""
    compiled()

    def count(text: Path, folder: Path) -> Counts:
        hadoop(text, folder, reducers=2, cores=CORES, split=SPLIT)
        return results(folder)

    yield count


@contextmanager
def gnu_sort() -> Iterator[Engine]:
    """tr, sort, uniq -c: no combiner, and every word through an external sort."""
    pipe = f"cat part-* | tr -s '[:space:]' '\\n' | sort --parallel={CORES} -S 1G | uniq -c"

    def count(text: Path, _: Path) -> Counts:
        told = {"cwd": text, "env": os.environ | {"LC_ALL": "C"}, "text": True, "check": True}
        run = subprocess.run(["sh", "-c", pipe], capture_output=True, **told)
        return {word: many for many, word in map(str.split, run.stdout.splitlines())}

    yield count


ENGINES = (ours, dask_bag, pyspark_rdd, hadoop_classes, gnu_sort)


def digest(counts: Counts) -> str:
    """The content hash of the counts, sorted by word."""
    rows = sorted((word, int(many)) for word, many in counts.items())
    return content_hash(pd.DataFrame(rows, columns=["word", "count"]))


def clock(engine: Callable[[], Any], text: Path) -> tuple[float, str]:
    """Seconds from the files to the counts, and the hash of these."""
    with engine() as count, tempfile.TemporaryDirectory(dir=text.parent) as folder:
        begun = time.perf_counter()
        counts = count(text, Path(folder, "job"))
        return time.perf_counter() - begun, digest(counts)


def main() -> int:
    """Print the table and the verdict; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500, help="size of the text")
    parser.add_argument("--passes", type=int, default=3, help="runs of each engine")
    asked = parser.parse_args()
    runs: dict[str, list[tuple[float, str]]] = {engine.__name__: [] for engine in ENGINES}
    with tempfile.TemporaryDirectory() as name:
        rows = int(asked.megabytes * 1e6 / BYTES_A_LINE)
        text = Path(make("text", Path(name, "text"), rows=rows, partitions=PARTS, format="txt"))
        size = sum(path.stat().st_size for path in text.glob("part-*"))
        for _ in range(asked.passes):
            for engine in ENGINES:
                runs[engine.__name__].append(clock(engine, text))
    return report(runs, size)


def report(runs: Mapping[str, list[tuple[float, str]]], size: int) -> int:
    """Print what was measured; 0 if the answers agree and the target is met."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("dask", "distributed", "pyspark"))
    print(f"{platform.machine()}, {CORES} of {os.cpu_count()} cores,")
    print(f"Python {platform.python_version()}, {versions}")
    print(f"{size / 1e6:.0f} MB of text, {len(runs['ours'])} passes")
    print(f"{'':16}{'median s':>10}{'from':>8}{'to':>8}{'MB/s':>8}  content hash")
    for name, each in runs.items():
        seconds = sorted(s for s, _ in each)
        middle, hashes = median(seconds), {h[:12] for _, h in each}
        print(f"{name:16}{middle:10.2f}{seconds[0]:8.2f}{seconds[-1]:8.2f}"
              f"{size / 1e6 / middle:8.1f}  {' '.join(hashes)}")  # fmt: skip
    took = {name: median(s for s, _ in each) for name, each in runs.items()}
    ratio = min(took["dask_bag"], took["pyspark_rdd"]) / took["ours"]
    agree = len({h for each in runs.values() for _, h in each}) == 1
    print("the answers agree" if agree else "THE ANSWERS DIFFER")
    print(f"mapreduce: ratio {ratio:.2f} (target {TARGET:.2f})")
    return int(ratio < TARGET or not agree)


if __name__ == "__main__":
    sys.exit(main())
