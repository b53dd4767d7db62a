"""What a Dask computation did: counts and bytes, measured where the work happens.

``begin`` installs a recorder on the scheduler and a meter on every worker; ``end`` asks the meters
for their last word, removes both and returns the facts. A meter reports along the worker's own
message stream, ahead of the report of the task that used the data, so nothing of a task that has
finished is missing, even if its worker was killed afterwards.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from distributed import Client
from distributed.diagnostics.plugin import SchedulerPlugin, WorkerPlugin
from distributed.utils import key_split


@dataclass
class DaskFacts:
    """What happened between ``begin`` and ``end``.

    ``tasks``: tasks run to a result. ``recomputed``: those of them whose key had been computed
    before. ``bytes_moved``: bytes of results sent from worker to worker. ``peak_bytes``: the most
    bytes of results held at once by all workers. ``spilled_bytes``: bytes written to disk to free
    memory. ``workers_used``: workers that ran a task. ``by_prefix``: tasks by the name before the
    hash in their key. ``failed``: tasks that raised.
    """

    tasks: int = 0
    recomputed: int = 0
    bytes_moved: int = 0
    peak_bytes: int = 0
    spilled_bytes: int = 0
    workers_used: int = 0
    by_prefix: dict[str, int] = field(default_factory=dict)
    failed: int = 0


class Recorder(SchedulerPlugin):
    """Follows every task on the scheduler, and keeps what the workers' meters report."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tasks = self.recomputed = self.failed = self.peak = 0
        self.prefixes: Counter[str] = Counter()
        self.computed: set[Any] = set()
        self.workers: set[str] = set()
        self.meters: dict[str, tuple[int, int]] = {}

    async def start(self, scheduler: Any) -> None:
        self.scheduler = scheduler
        self.computed = {k for k, ts in scheduler.tasks.items() if ts.state == "memory"}
        self.sample()
        from distributed.protocol.pickle import dumps

        await scheduler.register_worker_plugin(
            None, dumps(Meter(self.name)), self.name, idempotent=False
        )

    def sample(self) -> None:
        self.peak = max(self.peak, sum(ws.nbytes for ws in self.scheduler.workers.values()))

    def transition(self, key: Any, start: str, finish: str, *_: Any, **kwargs: Any) -> None:
        if start == "processing" and finish == "memory":
            self.tasks += 1
            self.recomputed += key in self.computed
            self.computed.add(key)
            self.prefixes[key_split(key)] += 1
            self.workers.add(kwargs["worker"])
        self.failed += start == "processing" and finish == "erred"
        self.sample()

    def log_event(self, topic: Any, msg: Any) -> None:
        if topic == self.name:
            self.hear(*msg)

    def hear(self, worker: str, moved: int, spilled: int) -> None:
        before = self.meters.get(worker, (0, 0))
        self.meters[worker] = (max(moved, before[0]), max(spilled, before[1]))

    def facts(self) -> dict[str, Any]:
        moved, spilled = (sum(each) for each in zip((0, 0), *self.meters.values(), strict=True))
        return {
            "tasks": self.tasks,
            "recomputed": self.recomputed,
            "bytes_moved": moved,
            "peak_bytes": self.peak,
            "spilled_bytes": spilled,
            "workers_used": len(self.workers),
            "by_prefix": dict(sorted(self.prefixes.items())),
            "failed": self.failed,
        }


class Meter(WorkerPlugin):
    """Adds up, on one worker, the bytes received from other workers and the bytes spilled."""

    def __init__(self, name: str) -> None:
        self.name = name

    def setup(self, worker: Any) -> None:
        self.worker = worker
        self.received = 0
        self.said = (0, 0)
        self.base = (0, 0)
        self.base = self.totals()

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:
        if finish != "memory":
            return
        if start == "flight":
            self.received += self.worker.state.tasks[key].nbytes or 0
        now = self.totals()
        if now != self.said:
            self.said = now
            self.worker.log_event(self.name, (self.worker.id, *now))

    def totals(self) -> tuple[int, int]:
        shards = sum(
            int(value)
            for label, value in self.worker.digests_total.items()
            if isinstance(label, tuple) and label[0] == "p2p" and label[-2:] == ("shards", "bytes")
        )
        spilled = getattr(self.worker.data, "cumulative_metrics", {}).get(
            ("disk-write", "bytes"), 0
        )
        return self.received + shards - self.base[0], int(spilled) - self.base[1]


def begin(client: Client) -> str:
    """Start to measure the client's cluster; returns the token for ``end``."""
    token = f"outgrow-{uuid.uuid4().hex}"
    client.register_plugin(Recorder(token), name=token)
    return token


def end(client: Client, token: str) -> DaskFacts:
    """Stop to measure, remove what ``begin`` installed, and return the facts."""
    last = client.run(_last_word, token)
    facts = client.run_on_scheduler(_collect, token, list(last.values()))
    return DaskFacts(**facts)


def _last_word(token: str, dask_worker: Any) -> tuple[str, int, int]:
    return (dask_worker.id, *dask_worker.plugins[token].totals())


async def _collect(
    token: str, last: list[tuple[str, int, int]], dask_scheduler: Any
) -> dict[str, Any]:
    recorder: Recorder = dask_scheduler.plugins[token]
    for word in last:
        recorder.hear(*word)
    await dask_scheduler.unregister_worker_plugin(None, token)
    await dask_scheduler.unregister_scheduler_plugin(token)
    return recorder.facts()


@contextmanager
def watch(client: Client) -> Iterator[DaskFacts]:
    """Measure what the block does; the facts are filled in when it is left."""
    facts = DaskFacts()
    token = begin(client)
    try:
        yield facts
    finally:
        facts.__dict__.update(end(client, token).__dict__)
