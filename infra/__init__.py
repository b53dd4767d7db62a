"""Where data and engines live: clusters, buckets, generated datasets, and the measuring of both.

A public name is loaded when it is first used, so that ``import infra`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.cluster import Cluster, ClusterSpec, provision
    from infra.connection import connect
    from infra.content import content_hash
    from infra.datasets import make, partition
    from infra.facts import DaskFacts, begin, end, watch
    from infra.spark import SparkFacts
    from infra.store.bucket import Bucket, bucket, connect_bucket
    from infra.store.faults import Faults
    from infra.store.ledger import StoreFacts

__all__ = [
    "Bucket",
    "Cluster",
    "ClusterSpec",
    "DaskFacts",
    "Faults",
    "SparkFacts",
    "StoreFacts",
    "begin",
    "bucket",
    "connect",
    "connect_bucket",
    "content_hash",
    "end",
    "make",
    "partition",
    "provision",
    "watch",
]

_HOMES = {
    "cluster": ("Cluster", "ClusterSpec", "provision"),
    "connection": ("connect",),
    "content": ("content_hash",),
    "datasets": ("make", "partition"),
    "facts": ("DaskFacts", "begin", "end", "watch"),
    "spark": ("SparkFacts",),
    "store.bucket": ("Bucket", "bucket", "connect_bucket"),
    "store.faults": ("Faults",),
    "store.ledger": ("StoreFacts",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"infra.{home}"), name)
    raise AttributeError(f"module 'infra' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
