"""Local Spark for a block of this process: the environment before, the JVM's end after."""

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from infra.cluster import Cluster, ClusterSpec
from infra.spark import home

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PATIENCE = 20  # seconds a JVM has to end by itself


@contextmanager
def local(spec: ClusterSpec) -> Iterator[Cluster]:
    """A cluster that is a JVM of this process, started by the first session."""
    found = home.environment(spec)
    with surroundings(found):
        yield Cluster(f"local[{spec.workers * spec.threads}]", None, spec, environment=found)


@contextmanager
def surroundings(found: Mapping[str, str]) -> Iterator[None]:
    """Let sessions of this process be as the environment `found` says; end them afterwards."""
    if gateway():
        raise RuntimeError(
            "provision: a JVM of Spark's runs in this process already, and a process has but one. "
            "Leave the block that provisioned it first, or restart the notebook's kernel."
        )
    home.settle()
    before = {name: os.environ.get(name) for name in found}
    os.environ.update(found)
    try:
        yield
    finally:
        stop()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def session() -> "SparkSession":
    from pyspark.sql import SparkSession

    home.hush()
    return SparkSession.builder.getOrCreate()


def gateway() -> Any:
    """PySpark's connection to the JVM of this process; None if there is none."""
    import pyspark

    return pyspark.SparkContext._gateway


def bury() -> None:
    """Forget a JVM of this process that has ended, so that the next session starts another."""
    process = getattr(gateway(), "proc", None)
    if process and process.poll() is not None:
        stop()


def stop(patience: float = PATIENCE) -> None:
    """End the session and the JVM of this process, so that another may be started; kill the JVM if
    it has not ended after `patience` seconds."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    found, process = gateway(), getattr(gateway(), "proc", None)
    with suppress(Exception), warnings.catch_warnings(action="ignore"):
        if context := SparkContext._active_spark_context:
            context.stop()  # a JVM that is gone cannot be told, and PySpark warns of it
        if found:
            found.shutdown()
    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
    SparkSession._instantiatedSession = None
    if process:
        process.stdin.close()  # upon which it ends
        with suppress(Exception):
            process.wait(patience)
        process.kill()
        process.wait()
