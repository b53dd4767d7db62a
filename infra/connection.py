"""``connect()``: the one line with which a notebook or a script gets its Dask client."""

import atexit
import json
import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.cluster import PATIENCE, Cluster, ClusterSpec, provision

if TYPE_CHECKING:
    from distributed import Client


@dataclass(frozen=True)
class Private:
    """A cluster that ``connect`` started in this process, and how to end it."""

    cluster: Cluster
    ending: ExitStack


_private: Private | None = None


def connect(spec: ClusterSpec | None = None) -> "Client":
    """A client of the Dask cluster that is there, or else of a private one.

    In this order: the open default client of this process (so a cell may run twice); the scheduler
    that DASK_SCHEDULER_ADDRESS names; a private cluster, by ``spec``, or else by OUTGROW_DASK (JSON
    of ClusterSpec's fields), or else ``ClusterSpec()``. The private cluster ends with the process.
    If ``spec`` is given and the private cluster that runs is another, it is replaced; a cluster
    that is not ours is never changed.

    Raises ConnectionError if nothing answers at DASK_SCHEDULER_ADDRESS, and ValueError if
    OUTGROW_DASK does not hold a spec.
    """
    if (client := _open_client()) and not _outdated(client, spec):
        return client
    if address := os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return _join(address)
    return _start(spec or _spec_of_environment()).client()


def _open_client() -> "Client | None":
    from distributed import default_client

    try:
        client = default_client()
    except ValueError:
        return None
    return client if client.status == "running" and not client.asynchronous else None


def _outdated(client: "Client", spec: ClusterSpec | None) -> bool:
    """Whether the client is of our private cluster, and another one is asked for."""
    if spec is None or _private is None or client.scheduler is None:
        return False
    cluster = _private.cluster
    return client.scheduler.address == cluster.address and spec != cluster.spec


def _join(address: str) -> "Client":
    from distributed import Client

    try:
        return Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise ConnectionError(
            f"DASK_SCHEDULER_ADDRESS={address}: no Dask scheduler answers there. Start "
            "one (`outgrow cluster up`) and set its address, or unset it for a private one."
        ) from error


def _start(spec: ClusterSpec) -> Cluster:
    """The private cluster with this spec: the one that runs, or a new one in its place."""
    global _private
    if _private and _private.cluster.spec == spec:
        return _private.cluster
    _stop()
    ending = ExitStack()
    _private = Private(ending.enter_context(provision(spec)), ending)
    atexit.unregister(_stop)
    atexit.register(_stop)  # after distributed has registered its own ending, so as to come before
    return _private.cluster


def _stop() -> None:
    global _private
    ended, _private = _private, None
    if ended:
        ended.ending.close()


def _spec_of_environment() -> ClusterSpec:
    told = os.environ.get("OUTGROW_DASK", "{}")
    try:
        return ClusterSpec(**json.loads(told))
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"OUTGROW_DASK={told}: {error}. Set it to JSON such as "
            '{"workers": 2}, with the fields of ClusterSpec, or unset it.'
        ) from error
