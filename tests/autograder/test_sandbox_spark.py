"""Spark in a room: a JVM and Python workers of the submission's own, with nothing else in reach."""

import pytest

from autograder import wire
from autograder.judge.kernel import Kernel
from tests.autograder.confined import tell

SUMS = """
from pyspark.sql import SparkSession
from infra import spark
spark.prepare()
session = SparkSession.builder.config("spark.driver.memory", "64g").getOrCreate()
with spark.watch() as facts:
    pairs = session.sparkContext.parallelize([(n % 3, n) for n in range(99)], 4)
    found = pairs.reduceByKey(lambda a, b: a + b).collectAsMap()
session.range(10).write.parquet("table")
print(sorted(found.items()), facts.stages, session.read.parquet("table").count())
"""
LOOKUP = """
days = session.sparkContext.parallelize([(f"day {n}", n) for n in range(6)], 2).partitionBy(5)
print([days.lookup(f"day {n}") for n in range(6)])
"""
WHERE = """
def where(_):
    import os
    from importlib.util import find_spec
    from pathlib import Path
    status = Path("/proc/self/status").read_text()
    rights = {line for line in status.splitlines() if line.startswith(("CapEff", "Seccomp:"))}
    yield os.getuid(), sorted(rights), Path.cwd().as_posix(), find_spec("solutions") is None
print(session.sparkContext.parallelize([0], 1).mapPartitions(where).first())
"""
LARGE = "print(session.sparkContext._jvm.java.lang.Runtime.getRuntime().maxMemory() < 2**30)"
HOLD = "session.sparkContext.parallelize([4], 1).map(lambda n: len(bytes(n << 30))).collect()"
RATIO = """\
def ratio(n):
    return session.sparkContext.range(n).map(lambda k: 1 // (k - 2)).collect()
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory):
    with Kernel(tmp_path_factory.mktemp("bundle"), {"spark": {"workers": 2}}, sandbox=True) as made:
        yield made


def test_a_notebook_s_spark_works_in_its_room(kernel: Kernel):
    told = tell(kernel, SUMS, 60)
    assert told == "[(0, 1584), (1, 1617), (2, 1650)] 2 10"


def test_a_text_is_looked_up_where_the_workers_have_put_it(kernel: Kernel):
    assert tell(kernel, LOOKUP, 60) == "[[0], [1], [2], [3], [4], [5]]"


def test_python_workers_have_no_right_either(kernel: Kernel):
    told = tell(kernel, WHERE)
    assert told == "(1000, ['CapEff:\\t0000000000000000', 'Seccomp:\\t2'], '/submission', True)"


def test_a_submission_gets_the_memory_there_is(kernel: Kernel):
    assert tell(kernel, LARGE) == "True"


def test_a_worker_that_asks_for_more_than_there_is_gets_an_error(kernel: Kernel):
    run = kernel.execute(HOLD, 60)
    assert (run.ended, "MemoryError" in str(run.outputs)) == ("error", True), run
    assert tell(kernel, "print(session.range(7).count())", 60) == "7"


def test_an_error_in_a_worker_is_told_by_the_line_of_the_cell(kernel: Kernel):
    tell(kernel, RATIO)
    kernel.serve()
    answer = kernel.ask(wire.pack({"do": "call", "name": "ratio", "args": [5], "kwargs": {}}), 60)
    message = wire.unpack(answer)["error"]["message"]
    assert message.endswith(
        "line 2 of your cell, in <lambda>\nZeroDivisionError: integer division or modulo by zero"
    )
    assert "site-packages" not in message
