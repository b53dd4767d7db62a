"""What Spark did: counts and bytes, from the driver's own status store.

The status store is what Spark's web pages and REST API show; it is kept with the pages switched off
too. Each event of a stage or a task passes through the listener bus, so `end` waits until that is
empty, and then reads what came after `begin`: the ids of jobs, stages and SQL executions only grow.
Spark's own JSON brings it over, one call for each list.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

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
}
SUMMED = [name for name in COUNTERS if name != "partitions"]


@dataclass(frozen=True)
class StageFacts:
    """One attempt of one stage that ran.

    id, attempt: Spark's numbers; an attempt after 0 was made because results were lost.
    name: the call that asked for it, such as "collect at <stdin>:1".
    tasks, failed_tasks: task attempts that succeeded, and that failed.
    partitions: tasks that the stage consists of.
    input_bytes, input_records: read from files and from Spark's cache, or made by `range`.
    shuffle_read_bytes, shuffle_read_records, shuffle_write_bytes, shuffle_write_records: taken from
        and given to shuffles; bytes as they were written, serialised and compressed.
    spilled_bytes: written to disk to make room in memory, as on disk.
    task_records: of each task that succeeded, the records it read from input and shuffles together;
        ascending. In SQL and frames a record is a row. Python's RDDs go through shuffles and the
        cache in pickled batches, each of which is one record (two in a shuffle).
    max_records, median_records: the largest and the middle of them, 0 if there are none.
    """

    id: int
    attempt: int
    name: str
    tasks: int
    failed_tasks: int
    partitions: int
    input_bytes: int
    input_records: int
    shuffle_read_bytes: int
    shuffle_read_records: int
    shuffle_write_bytes: int
    shuffle_write_records: int
    spilled_bytes: int
    task_records: tuple[int, ...]
    max_records: int
    median_records: float


@dataclass(frozen=True)
class SparkFacts:
    """What happened in the driver's Spark application between `begin` and `end`.

    jobs: jobs that were started, which is what an action asks for; a sort asks for one more, to
        sample its keys.
    stages: stages that ran, each attempt counted.
    skipped_stages: stages that did not have to run, as their shuffle files were there already.
    tasks, failed_tasks: task attempts that succeeded, and that failed.
    recomputed_tasks: those among `tasks` whose partition of the same stage had succeeded before,
        and whose result was lost with its worker.
    input_bytes, input_records: read from files and from Spark's cache, or made by `range`. Parquet
        counts the bytes it read, not the size of the file.
    input_files: files that SQL scans read, by their own counter; RDDs keep none.
    shuffle_read_bytes, shuffle_read_records, shuffle_write_bytes, shuffle_write_records: summed
        over the stages; bytes are serialised and compressed.
    spilled_bytes: written to disk to make room in memory, as on disk.
    cached_partitions: partitions that the cache holds at `end`, of all RDDs and frames.
    cache_puts: how many more that are than at `begin`: partitions computed in order to be kept.
    cache_hits: tasks of stages that read a persisted RDD or frame, less the puts. It is exact if
        each such task reads one kept partition, and nothing was evicted or unpersisted meanwhile.
    plans: for each SQL execution, the names of its executed plan's nodes, as the plan is after
        adaptive execution, from the result down, such as ("Project", "BroadcastHashJoin", ...).
    by_stage: the stages that ran, in the order of their ids.

    Source: the driver's status store for jobs, stages, tasks and cached partitions, its SQL status
    store for files and plans. These are what the REST API gives under /jobs, /stages, /storage/rdd
    and /sql. `recomputed_tasks`, `cache_puts` and `cache_hits` are computed from them.
    """

    jobs: int
    stages: int
    skipped_stages: int
    tasks: int
    failed_tasks: int
    recomputed_tasks: int
    input_bytes: int
    input_records: int
    input_files: int
    shuffle_read_bytes: int
    shuffle_read_records: int
    shuffle_write_bytes: int
    shuffle_write_records: int
    spilled_bytes: int
    cached_partitions: int
    cache_puts: int
    cache_hits: int
    plans: tuple[tuple[str, ...], ...]
    by_stage: tuple[StageFacts, ...]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in SparkFacts.__dataclass_fields__:
                raise AttributeError(f"{name} is not measured yet: leave the `with` block first.")
            raise AttributeError(f"SparkFacts has no {name!r}.")


@dataclass(frozen=True)
class Token:
    """Where an application stood at `begin`: its id, the last job, stage and SQL execution, and how
    many partitions of each RDD were cached."""

    application: str = ""
    job: int = -1
    stage: int = -1
    execution: int = -1
    cached: Mapping[int, int] = field(default_factory=dict)


def begin() -> Token:
    """Start to measure the Spark application of this process; returns the token `end` wants.

    There need be no application yet: then all counts that the next one does.
    """
    store = _store()
    return store.position() if store else Token()


def end(token: Token) -> SparkFacts:
    """Stop to measure, and return the facts. Wait for your results first.

    Raises LookupError if there is no Spark application in this process, or if the one that ran at
    `begin` was stopped and no other was started.
    """
    store = _store()
    if store is None:
        raise LookupError("No Spark application runs here. Measure before `session.stop()`.")
    return store.since(token)


@contextmanager
def watch() -> Iterator[SparkFacts]:
    """Measure what the block has Spark do; the facts can be read once it is left.

    >>> with watch() as facts:                        # doctest: +SKIP
    ...     session.range(1000).count()
    >>> facts.jobs, facts.shuffle_read_records        # doctest: +SKIP
    (2, 2)
    """
    facts = object.__new__(SparkFacts)
    token = begin()
    yield facts
    vars(facts).update(vars(end(token)))


def _store() -> "Store | None":
    """The status store of this process's application, all events taken in; None without one."""
    if "pyspark" not in sys.modules:
        return None
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    if context is None or context._jsc is None:
        return None
    return Store(context)


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
        (stage, task["index"])
        for (stage, _), attempts in tasks.items()
        for task in attempts
        if task["status"] == "SUCCESS"
    )
    return sum(times - 1 for times in done.values())
