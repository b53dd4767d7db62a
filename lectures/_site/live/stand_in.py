"""`pytest` in the page: as much of it as the visible tests of a lab name.

It is no test runner. `pytest.mark` notes on a function what its decorators say, and `live.judge`
reads that.
"""

from collections.abc import Callable, Sequence
from typing import Any


class Mark:
    """`pytest.mark`: the points of a test, and the cases of a parametrised one."""

    def points(self, number: float) -> Callable[[Any], Any]:
        """Note what a test is worth."""
        return lambda test: _noted(test, "points", number)

    def parametrize(
        self, names: str | Sequence[str], values: Sequence[Any], ids: Sequence[str] = ()
    ) -> Callable[[Any], Any]:
        """Note a test's cases: for each, the arguments by name."""
        del ids
        keys = names.replace(" ", "").split(",") if isinstance(names, str) else list(names)
        rows = [[value] if len(keys) == 1 else value for value in values]
        cases = [dict(zip(keys, row, strict=True)) for row in rows]
        return lambda test: _noted(test, "cases", cases)


def _noted(test: Any, name: str, value: Any) -> Any:
    setattr(test, name, value)
    return test


mark = Mark()
