"""The bucket that a lab needs, for one kernel: on a store of the judge's, which only the kernel can
reach.

A submission in a room is served on the room's own loopback, by a socket made in there (see
`sandbox.listener`), and by a process outside. What the process bears is bounded.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra import Bucket

NAME = "outgrow"
PORT = 4443  # of the room's loopback, where nothing else listens
BYTES = 1 << 30  # of uploads
CONNECTIONS = 512  # at one moment
LINES = 100_000  # of the log
NEED = "bucket"


def leading(needs: Mapping[str, Any]) -> dict[str, str]:
    """The environment by which a kernel in a room finds its bucket."""
    from infra.store.handle import leading_to

    return leading_to(f"http://127.0.0.1:{PORT}") if NEED in needs else {}


def lent(needs: Mapping[str, Any], room: int | None = None) -> "Bucket | None":
    """A new bucket, if one is needed; reachable in the room whose first process is `room`, or on
    this machine's loopback."""
    if NEED not in needs:
        return None
    from autograder.sandbox.listener import listen
    from infra import Bucket
    from infra.store.handle import Store
    from infra.store.limits import Limits

    limits = Limits(BYTES, CONNECTIONS, LINES)
    store = Store(listener=None if room is None else listen(room, PORT), limits=limits)
    store.create(NAME)
    return Bucket(f"gs://{NAME}", store)


def given_back(bucket: "Bucket | None") -> None:
    """End a bucket's store."""
    if bucket:
        bucket.ours.close()
