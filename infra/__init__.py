"""Where data and engines live: clusters, datasets and observation.

The names below are loaded on first use, so that ``import infra`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.cluster import Cluster, ClusterSpec, provision
    from infra.connection import connect
    from infra.content import content_hash
    from infra.datasets import make, partition
    from infra.facts import DaskFacts, begin, end, watch

__all__ = [
    "Cluster",
    "ClusterSpec",
    "DaskFacts",
    "begin",
    "connect",
    "content_hash",
    "end",
    "make",
    "partition",
    "provision",
    "watch",
]

_HOME = {
    "Cluster": "cluster",
    "ClusterSpec": "cluster",
    "connect": "connection",
    "provision": "cluster",
    "content_hash": "content",
    "make": "datasets",
    "partition": "datasets",
    "DaskFacts": "facts",
    "begin": "facts",
    "end": "facts",
    "watch": "facts",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'infra' has no attribute {name!r}")
    return getattr(import_module(f"infra.{_HOME[name]}"), name)
