"""What the simulator is told about a cluster, and what it tells about a run: plain data.

Times are whole microseconds and sizes whole bytes, so both can be written as JSON, and a port of
the simulator to another language can be held to the same numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Machines:
    """The workers, their network, and the scheduler.

    overhead: microseconds that the scheduler spends on each task it sends.
    latency: microseconds that a message or the beginning of a transfer takes.
    bandwidth, disk: bytes a microsecond, that is, megabytes a second.
    memory: bytes of results that a worker keeps in memory, None for no limit.
    offers: the resources of a worker; most offer none. failures: when which worker ends.
    ahead: tasks that need nothing and are sent to a worker before it is free.
    stealing: whether an idle worker takes tasks from a busy one.
    """

    workers: int
    overhead: int = 200
    latency: int = 500
    bandwidth: int = 100
    memory: int | None = None
    disk: int = 100
    offers: Mapping[int, list[str]] = field(default_factory=dict)
    failures: list[tuple[int, int]] = field(default_factory=list)
    ahead: int = 1
    stealing: bool = True


@dataclass(frozen=True)
class Run:
    """What happened. Lists go by task, and hold its last run.

    makespan: microseconds until the scheduler knew of the last wanted result.
    worker, start, finish: who ran each task, from when to when; NOBODY and -1 if it never ran.
    executions: tasks run to their end; more than there are tasks if results were lost.
    moved, spilled: bytes sent between workers, and bytes written to disk.
    stolen: tasks that changed their worker. peak: most bytes of results held at once, by all.
    """

    makespan: int
    worker: list[int]
    start: list[int]
    finish: list[int]
    executions: int
    moved: int
    spilled: int
    stolen: int
    peak: int
