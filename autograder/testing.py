"""What a lab's test files import: points, hints, and the student's error.

>>> @points(2)
... def test_double_doubles(student, rng):
...     '''Twice the number.'''
...     n = int(rng.integers(100))
...     assert student.double(n) == 2 * n, hint("Add the number to itself.")
"""

import builtins
from collections.abc import Callable
from typing import TypeVar

import pytest

__all__ = ["StudentError", "hint", "points"]

Test = TypeVar("Test", bound=Callable[..., object])

_given: list[str] = []


def points(n: float) -> Callable[[Test], Test]:
    """Give a test its worth; a parametrised test shares it over its parameters.

    Raises ValueError unless `n` is a positive, finite number.
    """
    if not 0 < n < float("inf"):
        raise ValueError(f"a test is worth a positive number of points, not {n!r}")
    return pytest.mark.points(n)


def hint(text: str) -> str:
    """The message of an `assert`, and what the student reads when it fails.

    Python evaluates an assertion's message only if the assertion fails, so the last hint given in a
    test is the one that belongs to its failure.
    """
    _given.append(text)
    return text


def is_builtin_error(name: str) -> bool:
    """Whether a text is the name of a built-in exception, and so tells nothing else.

    >>> is_builtin_error("KeyError"), is_builtin_error("print"), is_builtin_error("[1, 2]")
    (True, False, False)
    """
    kind = getattr(builtins, name, None) if name.isidentifier() else None
    return isinstance(kind, type) and issubclass(kind, BaseException)


def forget_hints() -> None:
    """Start a test with no hint given."""
    _given.clear()


def last_hint() -> str:
    """The hint of the assertion that has just failed, or an empty string."""
    return _given[-1] if _given else ""


class StudentError(Exception):
    """An exception that the student's own code raised, brought over from the student's process.

    `kind` is the name of its type, `builtin` that of its nearest built-in base, `message` its text,
    `trace` the student's part of the traceback.
    """

    def __init__(self, kind: str, message: str, trace: str = "", builtin: str = "") -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind, self.message, self.trace, self.builtin = kind, message, trace, builtin
