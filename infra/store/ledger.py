"""The store's own log, and what it says: the facts by which a lab is graded.

It is written where the requests are served, so that no client can write in it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

WRITING = {
    "objects.insert", "uploads.piece", "objects.copy", "objects.rewrite", "objects.compose",
    "objects.move",
}  # fmt: skip
AGAIN = {0, 408, 429, 500, 502, 503, 504}  # after which a client may ask again; 0 is no answer


@dataclass(frozen=True)
class Operation:
    """One line of the log, written when the operation is over.

    kind: what was asked, by the name of GCS's method; besides these "objects.read" (an object's
        bytes), "uploads.start", "uploads.piece", "uploads.cancel" and "batch".
    objects: the objects that it named, as "bucket/name".
    request: what was asked in full, by which a retry is known.
    status: of the answer, 0 where none was given.
    up, down: bytes of objects that came and went.
    start, end: seconds since the store started.
    fault: the injected one (see Faults), or "".
    part: it was a part of a batch, and no request of its own.
    """

    kind: str
    objects: tuple[str, ...]
    request: str
    status: int
    up: int
    down: int
    start: float
    end: float
    fault: str
    part: bool


@dataclass(frozen=True)
class StoreFacts:
    """What was asked of a store while it was watched, by its own log.

    requests: HTTP requests, whatever became of them; a batch is one.
    by_kind: operations by kind, such as {"objects.read": 3}; the parts of a batch count each.
    bytes_up, bytes_down: bytes of objects that clients sent and were sent. Descriptions, listings
        and headers do not count.
    retries: requests that repeat one which was answered 408, 429 or 5xx, or whose connection broke.
    injected: faults that the store was told to make.
    failed: operations that were answered with an error, or not at all, injected or not.
    at_once: the most requests in the works at one moment.
    objects: the objects that operations named, as "bucket/name", in order.
    written: the objects that came to be or got other bytes, in the order in which that happened;
        also where the client was not told.
    """

    requests: int
    by_kind: dict[str, int]
    bytes_up: int
    bytes_down: int
    retries: int
    injected: int
    failed: int
    at_once: int
    objects: tuple[str, ...]
    written: tuple[str, ...]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in StoreFacts.__dataclass_fields__:
                raise AttributeError(f"{name} is not measured yet: leave the `with` block first.")
            raise AttributeError(f"StoreFacts has no {name!r}.")


NAN: Any = float("nan")
UNKNOWN = StoreFacts(NAN, {}, NAN, NAN, NAN, NAN, NAN, NAN, (), ())


def summary(log: Iterable[Operation]) -> StoreFacts:
    """The facts of a stretch of the log."""
    log = list(log)
    requests = [one for one in log if not one.part]
    return StoreFacts(
        requests=len(requests),
        by_kind=dict(Counter(one.kind for one in log)),
        bytes_up=sum(one.up for one in log),
        bytes_down=sum(one.down for one in log),
        retries=_retries(requests),
        injected=sum(bool(one.fault) for one in log),
        failed=sum(not 200 <= one.status < 400 for one in log),
        at_once=_at_once(requests),
        objects=tuple(sorted({name for one in log for name in one.objects})),
        written=tuple(one.objects[-1] for one in sorted(log, key=_ending) if _wrote(one)),
    )


def _ending(operation: Operation) -> float:
    return operation.end


def _wrote(one: Operation) -> bool:
    """Whether it put bytes under a name; a lost answer had been a success."""
    return one.kind in WRITING and (one.status in (200, 201) or one.fault == "lost")


def _retries(log: Iterable[Operation]) -> int:
    """Each failure pays for one repetition."""
    failed: Counter[str] = Counter()
    count = 0
    for one in sorted(log, key=lambda one: one.start):
        if failed[one.request]:
            failed[one.request] -= 1
            count += 1
        failed[one.request] += one.status in AGAIN
    return count


def _at_once(log: Iterable[Operation]) -> int:
    steps = [step for one in log for step in ((one.start, 1), (one.end, -1))]
    now = most = 0
    for _, step in sorted(steps):
        now += step
        most = max(most, now)
    return most
