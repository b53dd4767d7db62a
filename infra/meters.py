"""The plugins that count: a Recorder on the scheduler, a Meter on each worker.

A Meter reports its totals over the worker's own message stream, ahead of the report that the task
which caused them is done. So what a finished task moved or spilled is on record even if its worker
is killed the moment after; no heartbeat is waited for. The totals only grow, and the Recorder keeps
the largest it heard from each worker, so that it does not matter which report comes last.

Both are known by the token of their measurement, so that several can run at once.
"""

from collections import Counter
from typing import Any

from dask.utils import key_split
from distributed.diagnostics.plugin import SchedulerPlugin, WorkerPlugin
from distributed.protocol.pickle import dumps

TOPIC = "outgrow-facts"


class Recorder(SchedulerPlugin):
    """On the scheduler: follows every task, and keeps what the meters say."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.tasks = self.recomputed = self.failed = self.peak = 0
        self.prefixes: Counter[str] = Counter()
        self.computed: set[Any] = set()
        self.workers: set[str] = set()
        self.totals: dict[str, Counter[str]] = {}

    async def start(self, scheduler: Any) -> None:
        self.scheduler = scheduler
        self.computed.update(key for key, task in scheduler.tasks.items() if task.state == "memory")
        self.weigh()
        meter = dumps(Meter(self.token))
        await scheduler.register_worker_plugin(None, meter, self.token, idempotent=False)

    def transition(self, key: Any, start: str, finish: str, *_: Any, **more: Any) -> None:
        if start == "processing" and finish == "memory":
            self.tasks += 1
            self.recomputed += key in self.computed
            self.computed.add(key)
            self.prefixes[key_split(key)] += 1
            self.workers.add(more["worker"])
        elif start == "processing" and finish == "erred":
            self.failed += 1
        self.weigh()

    def weigh(self) -> None:
        held = sum(worker.nbytes for worker in self.scheduler.workers.values())
        self.peak = max(self.peak, held)

    def log_event(self, topic: Any, msg: Any) -> None:
        if topic == TOPIC and msg["token"] == self.token:
            self.hear(msg["meter"], msg["totals"])

    def hear(self, meter: str, totals: dict[str, int]) -> None:
        self.totals[meter] = self.totals.get(meter, Counter()) | Counter(totals)  # the larger

    def figures(self) -> dict[str, Any]:
        """The fields of DaskFacts."""
        totals = sum(self.totals.values(), Counter())
        return {
            "tasks": self.tasks,
            "recomputed": self.recomputed,
            "bytes_moved": totals["moved"],
            "peak_bytes": self.peak,
            "spilled_bytes": totals["spilled"],
            "workers_used": len(self.workers),
            "by_prefix": dict(sorted(self.prefixes.items())),
            "failed": self.failed,
        }


class Meter(WorkerPlugin):
    """On a worker: adds up the bytes that came from other workers, and those that went to disk."""

    def __init__(self, token: str) -> None:
        self.token = token

    def setup(self, worker: Any) -> None:
        self.worker = worker
        self.moved = 0
        self.spilled_before = _spilled(worker)
        self.told: dict[str, int] = {}
        _tap(worker)

    def teardown(self, worker: Any) -> None:
        if not _meters(worker):
            _untap(worker)

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:
        if finish != "memory":
            return
        if start == "flight":
            self.moved += self.worker.state.tasks[key].nbytes or 0
        if (totals := self.totals()) != self.told:
            self.told = totals
            message = {"token": self.token, "meter": self.worker.id, "totals": totals}
            self.worker.log_event(TOPIC, message)

    def totals(self) -> dict[str, int]:
        return {"moved": self.moved, "spilled": _spilled(self.worker) - self.spilled_before}


def _spilled(worker: Any) -> int:
    """Bytes a worker wrote to disk since it began; one without a memory limit keeps no count."""
    return int(getattr(worker.data, "cumulative_metrics", {}).get(("disk-write", "bytes"), 0))


def _meters(worker: Any) -> list[Meter]:
    return [plugin for plugin in worker.plugins.values() if isinstance(plugin, Meter)]


def _tap(worker: Any) -> None:
    """Count the shards of P2P shuffles as they come in; they are no task results.

    A worker also sends shards to itself, through the same socket. Those arrive on a connection
    whose other end is in the worker's own pool.
    """
    receive = worker.handlers["shuffle_receive"]
    if hasattr(receive, "untapped"):
        return

    async def tapped(comm: Any, **message: Any) -> Any:
        own = worker.rpc.occupied.get(worker.address, ())
        if comm.peer_address not in {each.local_address for each in own}:
            for meter in _meters(worker):
                meter.moved += _weight(message["data"])
        return await receive(**message)

    tapped.untapped = receive  # type: ignore[attr-defined]
    worker.handlers["shuffle_receive"] = tapped


def _untap(worker: Any) -> None:
    receive = worker.handlers["shuffle_receive"]
    worker.handlers["shuffle_receive"] = getattr(receive, "untapped", receive)


def _weight(shards: Any) -> int:
    """Bytes of the arrays and buffers in nested lists and tuples."""
    if isinstance(shards, list | tuple):
        return sum(map(_weight, shards))
    return len(shards) if isinstance(shards, bytes) else getattr(shards, "nbytes", 0)
