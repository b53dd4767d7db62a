"""Small Spark submissions, graded by us in the sandbox and by stock nbgrader.

    python tests/benchmarks/spark_grading.py [--submissions N] [--rounds N]

The same four tasks (an RDD with Python functions, a frame, SQL, Parquet), solved the same way, with
the same eight tests: here as a lab whose tests run in the judge, there as asserts in the notebook,
as nbgrader has them. Ours is `grade` with its lanes, sandbox and booking, on a released lab;
rounds after the first, which is left out. The peer is `nbgrader autograde`, in one process, on a
kernel of its own for each notebook, with PySpark as it comes. The last line gives the ratio of the
medians of a submission's share of the wall time; the exit status is 1 if it misses its target or if
a submission does not get all its points.
"""

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import stock

import solutions
from autograder.course.collect import collect
from autograder.course.folder import Course, init_course
from autograder.course.grade import How, grade
from autograder.course.release import release
from autograder.lanes import width
from infra.java import java_home, program
from infra.java import version as java_version

TARGET, SUBMISSIONS, ROUNDS = 4, 20, 2
LAB, MODULE = "90_small", "small_spark"
HEADER = """\
# ---
# title: Small
# minutes: 5
# prerequisites: []
# needs: {spark: {workers: 2}}
# ---
"""
GIVEN = """\
from collections.abc import Iterable

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
"""
SESSION = {
    "ours": "from autograder import check\nfrom infra import spark\n\nspark.prepare()\n"
    "session = SparkSession.builder.getOrCreate()",
    "stock": "import warnings\n\n"
    'warnings.simplefilter("ignore")  # any line on stderr costs all points of a cell\n'
    'builder = SparkSession.builder.master("local[2]")\n'
    'session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()\n'
    'session.sparkContext.setLogLevel("OFF")',
}
TASKS = {
    "sums": '''
def sums(pairs: list) -> dict:
    """The sum of the values of each key, by an RDD."""
    session = SparkSession.builder.getOrCreate()
    return session.sparkContext.parallelize(pairs, 4).reduceByKey(lambda a, b: a + b).collectAsMap()
''',
    "means": '''
def means(n: int) -> dict:
    """The mean of the ids below n by their last digit, by a frame."""
    session = SparkSession.builder.getOrCreate()
    keyed = session.range(n).withColumn("key", F.col("id") % 10)
    found = keyed.groupBy("key").agg(F.avg("id").alias("mean")).collect()
    return {row.key: row.mean for row in found}
''',
    "top": '''
def top(pairs: list) -> list:
    """The three keys that occur most often, ties by key, by SQL."""
    session = SparkSession.builder.getOrCreate()
    session.createDataFrame(pairs, ["key", "value"]).createOrReplaceTempView("pairs")
    query = "SELECT key, count(*) AS n FROM pairs GROUP BY key ORDER BY n DESC, key LIMIT 3"
    return [row.key for row in session.sql(query).collect()]
''',
    "stored": '''
def stored(n: int, folder: str) -> int:
    """The sum of the even ids below n, written to Parquet and read again."""
    session = SparkSession.builder.getOrCreate()
    session.range(n).write.mode("overwrite").parquet(folder)
    return session.read.parquet(folder).where("id % 2 = 0").agg(F.sum("id")).first()[0]
''',
}  # fmt: skip
CHECKS = {  # what a test draws and what it expects, as lines of Python
    "sums": "pairs = [(i % 7, i) for i in range({n})]\n"
    "assert {f}sums(pairs) == {{k: sum(range(k, {n}, 7)) for k in range(7)}}",
    "means": "assert {f}means({n} * 10)[3] == 3 + 5 * ({n} - 1)",
    "top": "pairs = [(i * i % 11, i) for i in range({n} * 11)]\nassert {f}top(pairs) == [1, 3, 4]",
    "stored": 'assert {f}stored({n} * 2, "stored-{n}") == {n} * ({n} - 1)',
}
SIZES = {"lab": 100, "hidden": 333}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=SUBMISSIONS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outgrow-") as name:
        ours = graded_by_us(Path(name, "ours"), options.submissions, options.rounds)
        theirs = graded_by_stock(Path(name, "stock"), options.submissions)
    return report(options.submissions, ours, theirs)


def graded_by_us(root: Path, submissions: int, rounds: int) -> list[float]:
    """Seconds a submission, one number a round."""
    course = released(root)
    inbox = root / "inbox"
    inbox.mkdir()
    for number in range(submissions):
        shutil.copy(course.notebook("solution", LAB), inbox / f"student{number:02}.ipynb")
    list(collect(course, LAB, inbox))
    return [round_of(course, submissions) for _ in range(rounds + 1)][1:]


def released(root: Path) -> Course:
    folder = root / "labs" / LAB
    folder.mkdir(parents=True)
    (root / "solutions").mkdir()
    (root / "solutions" / f"{MODULE}.py").write_text(GIVEN + "".join(TASKS.values()))
    cells = [HEADER, f"# %% given\n{GIVEN}\n{SESSION['ours']}\n"]
    for task in TASKS:
        cells.append(f"# %% task\nfrom solutions.{MODULE} import {task}\n")
        cells.append(f'# %% check {task}\ncheck("{task}")\n')
        cells.append(f"# %% [markdown] hints {task}\n# 1. One.\n# 2. Two.\n# 3. Three.\n")
    (folder / "lab.py").write_text("\n".join(cells))
    for kind, n in SIZES.items():
        (folder / f"test_{kind}.py").write_text(tests(kind, n))
    solutions.__path__.insert(0, str(root / "solutions"))
    course = init_course(root / "course", root / "labs")
    release(course, course.lab(LAB))
    return course


def tests(kind: str, n: int) -> str:
    lines = ["from autograder.testing import points\n"]
    for task, check in CHECKS.items():
        body = check.format(f="student.", n=n).replace("\n", "\n    ")
        lines.append(
            f'@points(1)\ndef test_{task}_{kind}(student):\n    """It is right."""\n    {body}\n'
        )
    return "\n".join(lines)


def round_of(course: Course, submissions: int) -> float:
    start = time.perf_counter()
    marks = list(grade(course, LAB, how=How(again=True)))
    seconds = time.perf_counter() - start
    assert all(mark.report and mark.report.earned == 8 for mark in marks), marks
    print(f"ours: {submissions} in {seconds:.1f} s", file=sys.stderr)
    return seconds / submissions


def graded_by_stock(root: Path, submissions: int) -> list[float]:
    """Seconds of each submission."""
    root.mkdir()
    os.environ |= {"JAVA_HOME": str(java_home()), "PYSPARK_PYTHON": sys.executable}
    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1"}
    nb = stock_notebook()
    api = stock.course(root, LAB, nb, {})
    found = []
    for number in range(submissions):
        seconds, points = stock.grade(api, LAB, f"student{number:02}", nb)
        assert points == 8, "marks were lost"
        print(f"stock: {seconds:.1f} s", file=sys.stderr)
        found.append(seconds)
    return found


def stock_notebook() -> Any:
    checks = {
        task: [check.format(f="", n=n) for n in SIZES.values()] for task, check in CHECKS.items()
    }
    return stock.notebook(f"{GIVEN}\n{SESSION['stock']}", TASKS, checks)


def report(submissions: int, ours: list[float], theirs: list[float]) -> int:
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyspark", "nbgrader"))
    java = java_version(program().parents[1])
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"Java {java}, {versions}")  # fmt: skip
    print(f"{submissions} submissions, four tasks, eight tests; {width(submissions)} lanes")
    print(f"{'a submission':36}{'median, s':>10}{'from':>8}{'to':>8}")
    named = {"ours, sandbox on (rounds)": ours, "stock nbgrader (submissions)": theirs}
    for name, seconds in named.items():
        middle = statistics.median(seconds)
        print(f"{name:36}{middle:10.2f}{min(seconds):8.2f}{max(seconds):8.2f}")
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(f"spark_grading: ratio {ratio:.2f} (target {TARGET})")
    return int(ratio < TARGET)


if __name__ == "__main__":
    sys.exit(main())
