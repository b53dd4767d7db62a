"""Spark's classes, loaded and linked once and for all: an archive that later JVMs map.

A third of a small Spark program's work is to load some ten thousand classes. Java can keep what
came out of that (class data sharing; since Java 25 its AOT cache, which has more). `make` has a
JVM do what notebooks typically do, and write the archive as it ends. Where it lies is `launch`'s to
say; a JVM that it does not fit passes it over.

It takes about a minute of one core and 200 MB of disk, so it is made where it pays: where
submissions are graded.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from infra.cluster import ClusterSpec
from infra.spark import home, launch, local

PATIENCE = 600  # seconds, on a machine that is busy with something else
SAYING = "Spark's classes are put into an archive, once for this Java and pyspark (a minute)"


def make(say: Callable[[str], object] = id) -> Path | None:
    """Make the archive, unless it is there: by one process at a time, the others wait for it.

    `say` is told, once, what takes so long. None if it could not be made: all works without it. Why
    is then in a file `.failed` beside; it is not tried again until that file is removed.
    """
    found = launch.archive()
    if not _settled(found) and sys.platform != "win32":
        with suppress(OSError), _alone():
            if not _settled(found):
                say(SAYING)
                _make(found)
    return found if found.is_file() else None


def _settled(found: Path) -> bool:
    return found.is_file() or found.with_suffix(".failed").is_file()


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other process is here. The lock is not where a sandbox shows it."""
    import fcntl

    launch.folder().mkdir(mode=0o755, parents=True, exist_ok=True)
    with launch.folder().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(target: Path) -> None:
    """Train in a process of its own: this one may have a JVM already, and may have but one."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        draft = Path(folder, target.name)
        command = [sys.executable, "-P", "-m", __name__, str(draft)]
        settings = os.environ | home.environment(ClusterSpec(engine="spark"))
        try:
            subprocess.run(
                command, env=settings | {"TMPDIR": folder}, cwd=folder, timeout=PATIENCE,
                stdin=subprocess.DEVNULL, capture_output=True, check=True,
            )  # fmt: skip
            draft.chmod(0o444)
            draft.replace(target)
        except (subprocess.SubprocessError, OSError) as error:
            said = getattr(error, "stderr", None) or b""
            target.with_suffix(".failed").write_bytes(f"{error}\n".encode() + said[-4000:])


def train(target: str) -> None:
    """Do what notebooks do, in a JVM that writes the archive `target` as it ends."""
    os.environ["JDK_JAVA_OPTIONS"] = launch.recording(Path(target))
    _use_all()
    local.stop(PATIENCE)


def _use_all() -> None:
    """RDDs with Python functions, frames, SQL, Parquet, joins, windows, a Python UDF, and facts."""
    from infra.spark import measure

    session = local.session()
    with measure.watch():
        _use_rdds(session.sparkContext)
        _use_frames(session)


def _use_rdds(context) -> None:
    pairs = context.parallelize(range(1000), 4).map(lambda n: (n % 7, n))
    pairs.reduceByKey(lambda a, b: a + b).cache().collect()
    pairs.groupByKey().mapValues(len).join(pairs.partitionBy(4)).sortByKey().take(5)
    context.parallelize(["a b", "b"]).saveAsTextFile("text")
    context.textFile("text").flatMap(str.split).countByValue()
    assert context.broadcast([1]).value
    context.accumulator(0).add(1)


def _use_frames(session) -> None:
    from pyspark.sql import Window, functions

    keyed = session.range(5000).withColumn("key", functions.col("id") % 7)
    keyed.write.mode("overwrite").partitionBy("key").parquet("table")
    table = session.read.parquet("table").cache()
    few = session.createDataFrame([(1, "one"), (2, "two")], ["key", "name"])
    table.join(functions.broadcast(few), "key").groupBy("name").agg(functions.avg("id")).collect()
    table.hint("merge").join(few, "key").orderBy("id").limit(3).collect()
    first = functions.row_number().over(Window.partitionBy("key").orderBy("id"))
    table.withColumn("first", first).filter("first = 1").toPandas()
    table.createOrReplaceTempView("numbers")
    session.sql(
        "SELECT key, count(*) AS n FROM numbers GROUP BY key HAVING n > 1 ORDER BY n"
    ).show()
    double = functions.udf(lambda n: 2 * n, "long")
    table.select(double("id")).agg(functions.sum("<lambda>(id)")).explain()
    few.write.mode("overwrite").csv("csv", header=True)
    session.read.csv("csv", header=True, inferSchema=True).count()


if __name__ == "__main__":
    train(sys.argv[1])
