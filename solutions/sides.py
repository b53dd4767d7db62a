"""Joining two tables in a reducer.

The map tasks give both tables' rows under the key that they share, each marked with its side:
`(zone, ("left", name))`, `(zone, ("right", fare))`. The shuffle brings a key's rows together, and
the reducer makes the pairs. A join that moves every row of both tables is the price of not having
to know which table is small, or how either is stored.
"""

from collections.abc import Iterable, Iterator
from typing import Any


def join(key: str, rows: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Pair every left row of a key with every right row of it (an inner join).

    `rows` are pairs (side, row), where the side is "left" or "right", in any order: the shuffle
    sorts keys and promises nothing about values. They may come from an iterator, which can be gone
    through once. Gives a pair (key, (left row, right row)) for each combination of a left with a
    right row, in any order. Equal rows count as often as they occur. A key that has rows on one
    side only gives nothing.

    >>> rows = [("right", 350), ("left", "Harbour"), ("right", 900)]
    >>> sorted(join("Z007", iter(rows)))
    [('Z007', ('Harbour', 350)), ('Z007', ('Harbour', 900))]
    """
    sides = {"left": [], "right": []}
    for side, row in rows:
        sides[side].append(row)
    for left in sides["left"]:
        for right in sides["right"]:
            yield key, (left, right)
