"""Deals keys out in turn and remembers whom it gave what.

caught_by: test_partition_is_the_same_in_every_process
hint: what another one has seen
"""

from itertools import count


def partition(key, reducers, seen={}, turn=count()):  # noqa: B006, B008
    if key not in seen:
        seen[key] = next(turn)
    return seen[key] % reducers
