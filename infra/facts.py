"""What a Dask computation did: counts and bytes, measured where the work happens.

``begin`` puts a Recorder on the scheduler and a Meter on every worker, also on those that join
later; ``end`` asks the meters for their last word, removes both and gives the facts.

A Meter reports its totals over the worker's own message stream, ahead of the report that the task
which caused them is done. So what a finished task moved or spilled is on record even if its worker
is killed the moment after; no heartbeat is waited for. The totals only grow, and the Recorder keeps
the largest it heard from each worker, so that it does not matter which report comes last.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from dask.utils import key_split
from distributed import Client
from distributed.diagnostics.plugin import SchedulerPlugin, WorkerPlugin
from distributed.protocol.pickle import dumps

TOPIC = "outgrow-facts"


@dataclass(frozen=True)
class DaskFacts:
    """What happened on a cluster between ``begin`` and ``end``, whoever asked for it.

    tasks: tasks that ran to a result. Fused operations are one task; scattered data are none.
    recomputed: those among them whose key had a result before (since ``begin``, or in memory when
        it was called), which was then lost with its worker, or released. Running again a task
        whose worker died before it had a result is no recomputation.
    bytes_moved: bytes of results that a worker received from another worker, once for each
        transfer, plus the bytes of shards that a P2P shuffle sent to another worker. What goes to
        or comes from a client does not count, nor do ``replicate`` and ``rebalance``.
    peak_bytes: the most bytes of results held at once, on all workers together and counting every
        copy, in memory or spilled; what was there at ``begin`` counts. Seen after each change of a
        task's state.
    spilled_bytes: bytes written to disk to make room in memory, serialised; twice if spilled twice.
    workers_used: workers that ran at least one of the tasks.
    by_prefix: tasks by the name in their key, such as {"sum": 3}.
    failed: tasks that ended in an exception, or with their worker too often; those that could not
        start because of them do not count.
    """

    tasks: int
    recomputed: int
    bytes_moved: int
    peak_bytes: int
    spilled_bytes: int
    workers_used: int
    by_prefix: dict[str, int]
    failed: int

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in DaskFacts.__dataclass_fields__:
                raise AttributeError(f"{name} is not measured yet: leave the `with` block first.")
            raise AttributeError(f"DaskFacts has no {name!r}.")


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

    def facts(self) -> DaskFacts:
        totals = sum(self.totals.values(), Counter())
        return DaskFacts(
            tasks=self.tasks,
            recomputed=self.recomputed,
            bytes_moved=totals["moved"],
            peak_bytes=self.peak,
            spilled_bytes=totals["spilled"],
            workers_used=len(self.workers),
            by_prefix=dict(sorted(self.prefixes.items())),
            failed=self.failed,
        )


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


def begin(client: Client) -> str:
    """Start to measure the cluster of ``client``; returns the token that ``end`` wants.

    Several measurements may run at once. Raises TypeError for an asynchronous client.
    """
    if client.asynchronous:
        raise TypeError("begin: an asynchronous client. Measure with a client that blocks.")
    token = f"outgrow-{uuid4().hex}"
    client.register_plugin(Recorder(token), name=token)
    return token


def end(client: Client, token: str) -> DaskFacts:
    """Stop to measure and return the facts; the cluster keeps nothing of it.

    Counts what has finished: wait for your results first. Raises LookupError for a token that
    ``begin`` did not give on this cluster, or that was used up.
    """
    last = client.run(_last_word, token, on_error="ignore")
    facts: Any = client.run_on_scheduler(_collect, token, last)
    if facts is None:
        raise LookupError(f"end: no measurement {token!r} on this cluster. Each begin has one end.")
    return DaskFacts(**facts)


def _last_word(token: str, dask_worker: Any) -> tuple[str, dict[str, int]]:
    return dask_worker.id, dask_worker.plugins[token].totals()


async def _collect(token: str, last: dict[str, Any], dask_scheduler: Any) -> dict[str, Any] | None:
    recorder = dask_scheduler.plugins.get(token)
    if recorder is None:
        return None
    for meter, totals in last.values():
        recorder.hear(meter, totals)
    await dask_scheduler.unregister_worker_plugin(None, token)
    await dask_scheduler.unregister_scheduler_plugin(token)
    return vars(recorder.facts())


@contextmanager
def watch(client: Client) -> Iterator[DaskFacts]:
    """Measure what the block does; the facts can be read once it is left.

    >>> with watch(client) as facts:            # doctest: +SKIP
    ...     client.submit(sum, [1, 2]).result()
    >>> facts.tasks                             # doctest: +SKIP
    1
    """
    facts = object.__new__(DaskFacts)
    token = begin(client)
    try:
        yield facts
    except BaseException:
        with suppress(Exception):
            end(client, token)
        raise
    vars(facts).update(vars(end(client, token)))
