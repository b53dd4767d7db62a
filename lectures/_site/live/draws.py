"""`rng` without numpy: the methods of `numpy.random.Generator` that visible tests use.

The numbers are not numpy's, and they need not be: a test holds for any draw.
"""

from collections.abc import Sequence
from random import Random
from typing import Any


class Draws:
    """Numbers drawn from one seed, as numpy's generator would be asked for them."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def integers(self, low: int, high: int | None = None) -> int:
        """One integer from `low` up to `high` (not included), or from 0 up to `low`."""
        return self._random.randrange(low) if high is None else self._random.randrange(low, high)

    def permutation(self, items: int | Sequence[Any]) -> list[Any]:
        """The items, or the numbers below a number, in another order."""
        return self.choice(items, len(_listed(items)), replace=False)

    def choice(self, items: int | Sequence[Any], size: int, replace: bool = True) -> list[Any]:
        """So many of the items, or of the numbers below a number."""
        pool = _listed(items)
        return self._random.choices(pool, k=size) if replace else self._random.sample(pool, size)


def _listed(items: int | Sequence[Any]) -> Sequence[Any]:
    return range(items) if isinstance(items, int) else items
