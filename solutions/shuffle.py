"""The shuffle in memory: which reducer a key goes to, and bringing equal keys together.

A record is a pair (key, value); keys are text. A map and a reduce function, in these types:

    map(line) -> iterable of records
    reduce(key, values) -> iterable of records, where `values` can be gone through once

A combiner is a reduce function that runs early, on part of the values. It may only be used where
that makes no difference: where adding up in any grouping and order gives the same, and the keys
that come out are the keys that went in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any
from zlib import crc32

Record = tuple[str, Any]
Map = Callable[[str], Iterable[Record]]
Reduce = Callable[[str, Iterator[Any]], Iterable[Record]]


def combine(records: Iterable[Record], reduce: Reduce) -> list[Record]:
    """Bring equal keys together, in memory, and reduce each key's values.

    `records` are pairs (key, value) in any order; they may come from an iterator. `reduce(key,
    values)` is called once for each distinct key, with an iterator of its values in the order in
    which they came, and returns an iterable of pairs. The result lists all pairs that `reduce`
    gave, in ascending order of the keys. No records give an empty list.

    >>> combine([("b", 1), ("a", 1), ("b", 5)], lambda key, values: [(key, sum(values))])
    [('a', 1), ('b', 6)]
    """
    held = defaultdict(list)
    for key, value in records:
        held[key].append(value)
    return [record for key in sorted(held) for record in reduce(key, iter(held[key]))]


def partition(key: str, reducers: int) -> int:
    """Say which reducer gets all records of a key: a number from 0 to `reducers` - 1.

    The same key gives the same number in every process, on every machine, today and tomorrow: map
    tasks cannot ask each other. Many different keys spread evenly, each reducer getting about its
    share, however alike they look. `reducers` is at least 1; a key may be any text, also empty.

    >>> partition("taxi", 4) == partition("taxi", 4)
    True
    >>> {partition(word, 1) for word in ("a", "b", "c")}
    {0}
    """
    return crc32(key.encode("utf-8", "surrogatepass")) % reducers


def reduced(records: Iterable[Record], reduce: Reduce) -> Iterator[Record]:
    """Reduce records that are sorted by key, one key at a time, holding one record at a time.

    >>> list(reduced([("a", 1), ("b", 1), ("b", 5)], lambda key, values: [(key, sum(values))]))
    [('a', 1), ('b', 6)]
    """
    for key, group in groupby(records, itemgetter(0)):
        yield from reduce(key, (value for _, value in group))
