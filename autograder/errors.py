"""The one error that a user of Outgrow meets: a fact, its place, a remedy."""

from collections.abc import Iterator
from contextlib import contextmanager


class OutgrowError(Exception):
    """Something a user can mend. `str()` of it is one or two full sentences.

    >>> str(OutgrowError("task `get` has no test", "labs/03/lab.py", "Add `test_get_…`."))
    'labs/03/lab.py: task `get` has no test. Add `test_get_…`.'
    """

    def __init__(self, fact: str, place: object = "", remedy: str = "") -> None:
        where = f"{place}: " if place else ""
        then = f" {remedy}" if remedy else ""
        super().__init__(f"{where}{fact.rstrip('.')}.{then}")
        self.fact, self.place, self.remedy = fact, str(place), remedy


@contextmanager
def readable() -> Iterator[None]:
    """Pass `infra`'s own errors on as ours: their messages have fact, place and remedy already."""
    try:
        yield
    except (ValueError, RuntimeError, OSError) as error:
        raise OutgrowError(str(error)) from error
