"""The lab's bucket, as a test may look at it: its URL, its faults, and what its store's log says.

The store serves the submission and is none of its processes, so it cannot forge the facts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from autograder.judge.faults import Infrastructure

if TYPE_CHECKING:
    from infra import Bucket, Faults, StoreFacts


class LabBucket:
    """The fixture `bucket`. The store belongs to a kernel, and a kernel may have to be started
    again, so it is asked for each time."""

    def __init__(self, stage: Any) -> None:
        self._stage = stage

    @property
    def url(self) -> str:
        """The bucket's URL, for the student's functions."""
        return self._bucket().url

    @contextmanager
    def watch(self) -> Iterator["StoreFacts"]:
        """Facts of what the store was asked inside the `with`, filled in when it ends."""
        with self._bucket().watch() as facts:
            yield facts

    @contextmanager
    def faults(self, faults: "Faults") -> Iterator[None]:
        """Requests meet these faults inside the `with`."""
        from infra import Faults

        bucket = self._bucket()
        bucket.inject(faults)
        try:
            yield
        finally:
            bucket.inject(Faults())

    def put(self, name: str, data: bytes) -> str:
        """Lay an object into the bucket, which is no request; its URL."""
        return self._bucket().put(name, data)

    def get(self, name: str) -> bytes | None:
        """An object's bytes, None where there is none; this is no request either."""
        return self._bucket().get(name)

    def names(self) -> list[str]:
        """The names of the bucket's objects, in order."""
        return self._bucket().names()

    def _bucket(self) -> "Bucket":
        try:
            found = self._stage.bucket()
            assert found.ours
        except LookupError as error:
            raise Infrastructure(str(error)) from None
        return found
