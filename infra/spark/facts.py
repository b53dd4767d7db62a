"""What Spark did: counts and bytes, with units. `measure` takes them, from the `store`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any


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
    result_bytes: what the tasks sent to the driver: results, serialised, and 2 to 4 kB of metrics
        with each.
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
    result_bytes: int
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
    result_bytes: what tasks sent to the driver: results, serialised, and their metrics.
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
    result_bytes: int
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
