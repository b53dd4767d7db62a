"""The reference of the two labs that submissions attack."""

from collections.abc import Iterator
from typing import Any

import pandas as pd


def double(number: int) -> int:
    """Twice `number`.

    >>> double(21)
    42
    """
    return 2 * number


def total(frame: pd.DataFrame) -> float:
    """The sum of the column `cents`, in euros.

    >>> total(pd.DataFrame({"cents": [150, 50]}))
    2.0
    """
    return sum(frame["cents"].tolist()) / 100


def poem(names: list[str]) -> str:
    """One line for each name, `Hello, NAME!`, each ended by a line break.

    >>> poem(["Ada"])
    'Hello, Ada!\\n'
    """
    return "".join(f"Hello, {name}!\n" for name in names)


def countdown(start: int) -> Iterator[int]:
    """The numbers from `start` down to 1, one at a time.

    >>> list(countdown(3))
    [3, 2, 1]
    """
    yield from range(start, 0, -1)


def squares(client: Any, numbers: list[int]) -> int:
    """The sum of the squares of `numbers`, each squared in a task of its own on `client`'s workers.

    >>> squares(client, [1, 2, 3])
    14
    """
    futures = client.map(lambda number: number**2, numbers, pure=False)
    return sum(client.gather(futures))
