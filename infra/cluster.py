"""Clusters: one way to ask for workers, whatever provides them.

``provision(spec)`` starts what the spec says and ends it when its block is left. ``connect()`` is
for notebooks and scripts: it joins the cluster that is there, or else starts a private one.

Everything listens on the loopback interface, on ports that were free. Another engine or backend is
another function in STARTERS with the same meaning: give a Cluster, and end all of it afterwards.
"""

import importlib.util
import logging
import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

LOOPBACK = "127.0.0.1"
PATIENCE = 5  # seconds to wait for a scheduler
LEAST_HEAP = 450 * 2**20  # bytes; Spark itself refuses less
LEAST_MEMORY = 256 * 2**20  # bytes; a worker process with pandas has 160 MB before any data


@dataclass(frozen=True)
class ClusterSpec:
    """What a cluster shall be.

    engine, backend: "dask" with "local"; "spark" with "local", a JVM of this process, or with
        "standalone", a master and workers that are JVMs of their own.
    workers, threads: how many workers, and threads in each. Local Spark has their product.
    processes: Dask: a process a worker; otherwise all workers are threads of this process.
    memory: bytes a worker may use; None: Dask has no limit, Spark 512 MiB (local: 768 MiB in all).
        A Dask worker process is held to it as a whole (spill, pause, restart); for one in this
        process it bounds the results it keeps in memory: beyond 60 % of it they are spilled to
        disk. For Spark it is the Java heap, of all workers together if they are local.
    resources: Dask: what each worker offers, by name, such as {"GPU": 1}.
    dashboard: serve the engine's pages (Dask's need bokeh).

    Raises ValueError for a spec that no cluster can meet.
    """

    engine: Literal["dask", "spark"] = "dask"
    backend: Literal["local", "standalone"] = "local"
    workers: int = 2
    threads: int = 1
    processes: bool = False
    memory: int | None = None
    resources: Mapping[str, float] = field(default_factory=dict)
    dashboard: bool = False

    def __post_init__(self) -> None:
        if (self.engine, self.backend) not in STARTERS:
            known = ", ".join(f"engine={e!r} with backend={b!r}" for e, b in STARTERS)
            raise ValueError(
                f"ClusterSpec: no engine={self.engine!r} with backend={self.backend!r}. "
                f"There is {known}."
            )
        for name in ("workers", "threads"):
            _whole_number(name, getattr(self, name), least=1)
        if self.memory is not None:
            _whole_number("memory", self.memory, least=self._least_memory())
        _quantities(self.resources)
        object.__setattr__(self, "resources", dict(self.resources))

    def _least_memory(self) -> int:
        if self.engine == "spark":
            return LEAST_HEAP
        return LEAST_MEMORY if self.processes else 1


def _whole_number(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        unit = " bytes" if name == "memory" else ""
        raise ValueError(
            f"ClusterSpec: {name} is {value!r}. Give a whole number from {least}{unit}."
        )


def _quantities(resources: object) -> None:
    sound = isinstance(resources, Mapping) and all(
        isinstance(name, str) and isinstance(amount, int | float) and 0 < amount < float("inf")
        for name, amount in resources.items()
    )
    if not sound:
        raise ValueError(
            f"ClusterSpec: resources is {resources!r}. Map names to amounts, such as {{'GPU': 1}}."
        )


@dataclass(frozen=True)
class Cluster:
    """A running cluster: the address of its scheduler, the URL of its dashboard, its spec, what a
    process needs in its environment in order to find it, and the ids of the workers' processes
    (none where workers are threads)."""

    address: str
    dashboard: str | None
    spec: ClusterSpec
    environment: Mapping[str, str] = field(default_factory=dict)
    workers: tuple[int, ...] = ()
    _clients: ExitStack = field(default_factory=ExitStack, repr=False, compare=False)

    def client(self) -> Any:
        """Open a client of the cluster: a Dask Client or, for Spark, this process's SparkSession.
        It is closed with the cluster, if not before."""
        if self.spec.engine == "spark":
            from infra.spark.local import session

            return session()
        from distributed import Client

        client = Client(self.address, timeout=PATIENCE)
        self._clients.callback(client.close)
        return client


@contextmanager
def provision(spec: ClusterSpec) -> Iterator[Cluster]:
    """Start a cluster; when the block is left, end it and all that belongs to it.

    With ``processes=True`` the calling script needs the ``if __name__ == "__main__":`` guard, as
    worker processes import it. If this process dies without leaving the block, they end too.

    Raises RuntimeError if the cluster does not start, ImportError if the spec needs a package that
    is not installed.

    >>> with provision(ClusterSpec(workers=2)) as cluster:
    ...     cluster.client().submit(sum, [1, 2]).result()
    3
    """
    with STARTERS[spec.engine, spec.backend](spec) as cluster, cluster._clients:
        yield cluster


def _local_spark(spec: ClusterSpec) -> AbstractContextManager[Cluster]:
    from infra.spark.local import local

    return local(spec)


def _standalone_spark(spec: ClusterSpec) -> AbstractContextManager[Cluster]:
    from infra.spark.standalone import standalone

    return standalone(spec)


@contextmanager
def _local_dask(spec: ClusterSpec) -> Iterator[Cluster]:
    _check_surroundings(spec)
    from dask import config
    from distributed import LocalCluster

    from infra import preload

    with config.set(_memory_rules(spec)):
        local = LocalCluster(
            n_workers=spec.workers,
            threads_per_worker=spec.threads,
            processes=spec.processes,
            protocol="tcp://",
            host=LOOPBACK,
            dashboard_address=f"{LOOPBACK}:0",  # with None it asks for port 8787
            scheduler_kwargs={"dashboard": spec.dashboard},
            memory_limit=spec.memory or 0,
            resources=dict(spec.resources),
            preload=[preload.__name__],
        )
    dashboard = local.dashboard_link if spec.dashboard else None
    try:
        found = {"DASK_SCHEDULER_ADDRESS": local.scheduler_address}
        yield Cluster(local.scheduler_address, dashboard, spec, environment=found)
    finally:
        with hushed():
            local.close()


@contextmanager
def hushed() -> Iterator[None]:
    """No log lines of Dask's: what it would complain of is meant, or said by us."""
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _check_surroundings(spec: ClusterSpec) -> None:
    if spec.dashboard and importlib.util.find_spec("bokeh") is None:
        raise ImportError("ClusterSpec: dashboard=True needs bokeh. Install it: pip install bokeh")
    if spec.processes and getattr(multiprocessing.current_process(), "_inheriting", False):
        raise RuntimeError(
            "provision: a worker process imported the script that starts it, and would start a "
            'cluster of its own. Put the start under `if __name__ == "__main__":`.'
        )


def _memory_rules(spec: ClusterSpec) -> dict[str, bool]:
    """Workers that share a process cannot be judged by the memory of the process."""
    if spec.processes:
        return {}
    return {"distributed.worker.memory.spill": False, "distributed.worker.memory.pause": False}


Starter = Callable[[ClusterSpec], AbstractContextManager[Cluster]]
STARTERS: dict[tuple[str, str], Starter] = {
    ("dask", "local"): _local_dask,
    ("spark", "local"): _local_spark,
    ("spark", "standalone"): _standalone_spark,
}
