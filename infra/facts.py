"""What a Dask computation did: counts and bytes, measured where the work happens.

``begin`` puts a Recorder on the scheduler and a Meter on every worker (see meters.py); ``end`` asks
the meters for their last word, removes all of them and gives the facts.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from distributed import Client

from infra.meters import Recorder


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
    return recorder.figures()


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
