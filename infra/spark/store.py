"""The driver's status store, read as plain Python values.

It is what Spark's web pages and REST API show, and is kept with the pages switched off too. Each
event of a stage or a task reaches it by the listener bus, which is waited for. Spark's own JSON
brings it over, one call for each list.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import TYPE_CHECKING, Any

from infra.spark.facts import SparkFacts, StageFacts, Token

if TYPE_CHECKING:
    from pyspark import SparkContext

PATIENCE = 30_000  # milliseconds for the listener bus
MOST_TASKS = 100_000  # of a stage; Spark itself keeps no more
RAN = ("COMPLETE", "FAILED", "ACTIVE")
FILES = "number of files read"
COUNTERS = {
    "tasks": "numCompleteTasks",
    "failed_tasks": "numFailedTasks",
    "partitions": "numTasks",
    "input_bytes": "inputBytes",
    "input_records": "inputRecords",
    "shuffle_read_bytes": "shuffleReadBytes",
    "shuffle_read_records": "shuffleReadRecords",
    "shuffle_write_bytes": "shuffleWriteBytes",
    "shuffle_write_records": "shuffleWriteRecords",
    "spilled_bytes": "diskBytesSpilled",
    "result_bytes": "resultSize",
}
SUMMED = [name for name in COUNTERS if name != "partitions"]


def opened() -> "Store | None":
    """The status store of this process's application, all events taken in; None without one.

    Raises LookupError if there is one whose JVM has ended.
    """
    if "pyspark" not in sys.modules:
        return None
    from py4j.protocol import Py4JNetworkError
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    if context is None or context._jsc is None:
        return None
    try:
        return Store(context)
    except (OSError, Py4JNetworkError) as error:
        raise LookupError(
            "Spark's Java program does not answer: it was killed, or ended for lack of memory. "
            "Run `spark.prepare()` and the cell that makes the session again."
        ) from error


class Store:
    """The status stores of an application, read as plain Python values."""

    def __init__(self, context: "SparkContext") -> None:
        java: Any = context._jsc
        spark = java.sc()
        spark.listenerBus().waitUntilEmpty(PATIENCE)
        self.jvm: Any = context._jvm
        self.gateway: Any = context._gateway
        self.application = str(context.applicationId)
        self.store = spark.statusStore()
        self.mapper = self.jvm.com.fasterxml.jackson.databind.ObjectMapper()
        scala = getattr(self.jvm.com.fasterxml.jackson.module.scala, "DefaultScalaModule$")
        self.mapper.registerModule(getattr(scala, "MODULE$"))

    def plain(self, value: Any) -> Any:
        return json.loads(self.mapper.writeValueAsString(value))

    def position(self) -> Token:
        jobs = self.jobs()
        return Token(
            self.application,
            max((job["jobId"] for job in jobs), default=-1),
            max((stage for job in jobs for stage in job["stageIds"]), default=-1),
            max((e.executionId() for e in self.executions()), default=-1),
            self.cached(),
        )

    def since(self, token: Token) -> SparkFacts:
        """The facts since a position of this application; of another one, all there are."""
        token = token if token.application == self.application else Token()
        stages = [stage for stage in self.stages() if stage["stageId"] > token.stage]
        ran = [stage for stage in stages if stage["status"] in RAN]
        tasks = {_key(stage): self.tasks(stage) for stage in ran}
        found = tuple(_stage(stage, tasks[_key(stage)]) for stage in ran)
        cached = self.cached()
        puts = sum(max(0, now - token.cached.get(rdd, 0)) for rdd, now in cached.items())
        readers = [s for s in ran if {*s["rddIds"]} & {*cached, *token.cached}]
        plans = [e for e in self.executions() if e.executionId() > token.execution]
        return SparkFacts(
            jobs=sum(job["jobId"] > token.job for job in self.jobs()),
            stages=len(ran),
            skipped_stages=sum(stage["status"] == "SKIPPED" for stage in stages),
            recomputed_tasks=_recomputed(tasks),
            input_files=sum(map(self.files, plans)),
            cached_partitions=sum(cached.values()),
            cache_puts=puts,
            cache_hits=max(0, sum(stage["numCompleteTasks"] for stage in readers) - puts),
            plans=tuple(tuple(name for name, _ in self.nodes(e)) for e in plans),
            by_stage=found,
            **{name: sum(getattr(stage, name) for stage in found) for name in SUMMED},
        )

    def jobs(self) -> list[Any]:
        return self.plain(self.store.jobsList(None))

    def stages(self) -> list[Any]:
        """All attempts of all stages, in the order of their ids."""
        quantiles = self.gateway.new_array(self.jvm.double, 0)
        nothing = self.jvm.java.util.ArrayList()
        found = self.plain(self.store.stageList(None, False, False, quantiles, nothing))
        return sorted(found, key=_key)

    def tasks(self, stage: Any) -> list[Any]:
        return self.plain(self.store.taskList(*_key(stage), MOST_TASKS))

    def cached(self) -> dict[int, int]:
        """Cached partitions of each persisted RDD."""
        found = self.plain(self.store.rddList(False))
        return {rdd["id"]: rdd["numCachedPartitions"] for rdd in found}

    def executions(self) -> list[Any]:
        """The SQL executions, as Java objects: their JSON would be long."""
        from pyspark.sql import SparkSession

        session: Any = SparkSession._instantiatedSession
        if session is None:
            return []
        self.sql = session._jsparkSession.sharedState().statusStore()
        found = self.sql.executionsList()
        return [found.apply(index) for index in range(found.size())]

    def nodes(self, execution: Any) -> list[tuple[str, list[Any]]]:
        """The nodes of an executed plan, from the result down: names and metrics."""
        found = self.plain(self.sql.planGraph(execution.executionId()).allNodes())
        nodes = [node for node in found if "nodes" not in node]  # those group others
        return [(n["name"].strip(), n["metrics"]) for n in sorted(nodes, key=lambda n: n["id"])]

    def files(self, execution: Any) -> int:
        """The files that the scans of an execution read."""
        values = self.plain(self.sql.executionMetrics(execution.executionId()))
        counted = [m for _, metrics in self.nodes(execution) for m in metrics if m["name"] == FILES]
        said = (values.get(str(metric["accumulatorId"]), "0") for metric in counted)
        return sum(int(text.replace(",", "")) for text in said)


def _key(stage: Any) -> tuple[int, int]:
    return stage["stageId"], stage["attemptId"]


def _stage(stage: Any, tasks: list[Any]) -> StageFacts:
    read = sorted(_records(task) for task in tasks if task["status"] == "SUCCESS")
    numbers = {name: stage[theirs] for name, theirs in COUNTERS.items()}
    busiest, middle = max(read, default=0), median(read) if read else 0.0
    return StageFacts(*_key(stage), stage["name"], **numbers, task_records=tuple(read),
                      max_records=busiest, median_records=float(middle))  # fmt: skip


def _records(task: Any) -> int:
    """What a task read: input and shuffles."""
    metrics = task["taskMetrics"]
    return metrics["inputMetrics"]["recordsRead"] + metrics["shuffleReadMetrics"]["recordsRead"]


def _recomputed(tasks: Mapping[tuple[int, int], list[Any]]) -> int:
    """Successes beyond the first of each partition of each stage."""
    done = Counter(
        (stage, task["partitionId"])
        for (stage, _), attempts in tasks.items()
        for task in attempts
        if task["status"] == "SUCCESS"
    )
    return sum(times - 1 for times in done.values())
