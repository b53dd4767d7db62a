"""Clusters: one way to ask for workers, whatever provides them.

``provision(spec)`` starts what the spec says and ends it when the block is left. ``connect()`` is
what a notebook calls: it joins the cluster that is there, or else starts a private one.
"""

import atexit
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from distributed import Client

LOOPBACK = "127.0.0.1"
PATIENCE = 5  # seconds to wait for a scheduler that was named


@dataclass(frozen=True)
class ClusterSpec:
    """What a cluster shall be.

    ``memory`` is in bytes a worker (None: no limit). ``resources`` are abstract quantities that
    every worker offers, such as ``{"GPU": 1}``. Raises ValueError for a spec that cannot work.
    """

    engine: Literal["dask"] = "dask"
    backend: Literal["local"] = "local"
    workers: int = 2
    threads: int = 1
    processes: bool = False
    memory: int | None = None
    resources: Mapping[str, float] = field(default_factory=dict)
    dashboard: bool = False

    def __post_init__(self) -> None:
        for name in ("workers", "threads"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"ClusterSpec: {name} is {getattr(self, name)}. Ask for at least 1."
                )


@dataclass(frozen=True)
class Cluster:
    """A running cluster: the scheduler's address, the dashboard's URL or None, and its spec."""

    address: str
    dashboard: str | None
    spec: ClusterSpec

    def client(self) -> "Client":
        """Open a client of this cluster; the caller closes it."""
        from distributed import Client

        return Client(self.address, timeout=PATIENCE)


@contextmanager
def provision(spec: ClusterSpec) -> Iterator[Cluster]:
    """Start a cluster, and end it when the block is left."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=spec.workers,
        threads_per_worker=spec.threads,
        processes=spec.processes,
        protocol="tcp://",
        host=LOOPBACK,
        dashboard_address=f"{LOOPBACK}:0",
        scheduler_kwargs={"dashboard": spec.dashboard},
        memory_limit=spec.memory or 0,
        resources=dict(spec.resources),
    ) as local:
        dashboard = local.dashboard_link if spec.dashboard else None
        yield Cluster(local.scheduler_address, dashboard, spec)


_private = ExitStack()


def connect(spec: ClusterSpec | None = None) -> "Client":
    """A client of the cluster that is there, or else of a private one."""
    from distributed import Client, default_client

    try:
        return default_client()
    except ValueError:
        pass
    if address := os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return Client(address, timeout=PATIENCE)
    cluster = _private.enter_context(provision(spec or _from_environment()))
    client = _private.enter_context(cluster.client())
    atexit.register(_private.close)
    return client


def _from_environment() -> ClusterSpec:
    given: dict[str, Any] = json.loads(os.environ.get("OUTGROW_DASK", "{}"))
    known = {item.name for item in fields(ClusterSpec)}
    return ClusterSpec(**{name: value for name, value in given.items() if name in known})
