"""Task graphs that can run, as plain data: what Dask calls a `dsk`.

A dsk is a dict from keys to expressions. An expression is one of three things:

- a task, `(operation, *arguments)`: a tuple, the name of an operation and then expressions;
- a reference: a string that is a key of the dsk, and stands for that key's result;
- a literal: anything else, also a string that is no key.

So this dsk loads nothing and calls nothing, yet says all there is to do:

    {"x": 1, "y": ("inc", "x"), "z": ("add", "y", ("double", "x"))}

Chains of keys may be as long as memory lasts. Tasks nested in tasks are evaluated by recursion, so
they may nest a few hundred deep.
"""

import operator
from collections import Counter
from collections.abc import Callable, Collection
from graphlib import TopologicalSorter
from typing import Any

from solutions.graph import Graph, toposort

Dsk = dict[str, Any]

OPERATIONS: dict[str, Callable[..., Any]] = {
    "inc": lambda x: x + 1,
    "double": lambda x: 2 * x,
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "total": lambda *numbers: sum(numbers),
}


def run(dsk: Dsk) -> dict[str, Any]:
    """Run every task of a dsk once, dependencies first; return the result of every key.

    Raises ValueError if the dsk has a cycle.

    >>> run({"x": 1, "y": ("inc", "x"), "z": ("add", "y", ("double", "x"))})
    {'x': 1, 'y': 2, 'z': 4}
    """
    results: dict[str, Any] = {}
    for key in TopologicalSorter(structure(dsk)).static_order():
        results[key] = _evaluate(dsk[key], results)
    return results


def references(expression: Any, keys: Collection[str]) -> list[str]:
    """The keys that an expression refers to, in no order, and as often as it does.

    >>> references(("add", "x", ("double", "x")), {"x": 1, "add": 2})
    ['x', 'x']
    """
    found: list[str] = []
    inside = [expression]
    while inside:
        part = inside.pop()
        if isinstance(part, tuple):
            inside.extend(part[1:])
        elif isinstance(part, str) and part in keys:
            found.append(part)
    return found


def structure(dsk: Dsk) -> Graph:
    """Which key needs which others: the dsk without its operations and literals.

    >>> structure({"x": 1, "y": ("inc", "x"), "z": ("add", "y", ("double", "y"))})
    {'x': [], 'y': ['x'], 'z': ['y']}
    """
    return {key: sorted(set(references(expression, dsk))) for key, expression in dsk.items()}


def _evaluate(expression: Any, results: dict[str, Any]) -> Any:
    """The value of an expression, given the results of the keys it refers to."""
    if isinstance(expression, tuple):
        operation, *arguments = expression
        return OPERATIONS[operation](*[_evaluate(argument, results) for argument in arguments])
    return results.get(expression, expression) if isinstance(expression, str) else expression


def cull(dsk: Dsk, keys: Collection[str]) -> Dsk:
    """Keep what is needed to compute `keys`, and nothing else.

    A dsk maps keys to expressions. An expression is a task: a tuple `(operation, *arguments)` whose
    arguments are expressions; or a reference: a string that is a key of the dsk; or a literal:
    anything else. The name of an operation is never a reference, even if a key has that name.

    The result is a new dsk with the requested keys and all that they need, directly or not, each
    with its expression unchanged. `dsk` itself is left as it was.

    Raises KeyError if a requested key is not in the dsk.

    >>> cull({"x": 1, "y": ("inc", "x"), "z": ("double", "x")}, ["y"])
    {'y': ('inc', 'x'), 'x': 1}
    """
    kept: Dsk = {}
    frontier = list(keys)
    while frontier:
        key = frontier.pop()
        if key not in kept:
            kept[key] = dsk[key]
            frontier.extend(references(dsk[key], dsk))
    return kept


def fuse(dsk: Dsk, keys: Collection[str]) -> Dsk:
    """Merge linear chains: the same results from fewer tasks.

    A key is merged into the only task that refers to it: its expression takes the place of the
    reference, and the key is gone. That happens exactly when

    - the key is not one of `keys`, the results that somebody asked for;
    - the whole dsk refers to it once (twice, even in one task, and its work would be done twice);
    - the task that refers to it refers to nothing else (or work that could run side by side
      would end up in one task).

    Keys that nothing refers to stay. Chains are merged whole and may be 100,000 tasks long. The dsk
    has no cycle and is left as it was. What an expression is, `cull` says.

    >>> fuse({"x": 1, "y": ("inc", "x"), "z": ("double", "y")}, ["z"])
    {'z': ('double', ('inc', 1))}
    >>> fuse({"x": 1, "y": ("inc", "x"), "z": ("double", "y")}, ["y", "z"])
    {'y': ('inc', 1), 'z': ('double', 'y')}
    """
    times = Counter(name for part in dsk.values() for name in references(part, dsk))
    asked_for = set(keys)
    fused: Dsk = {}
    for key in toposort(structure(dsk)):
        expression, found = dsk[key], references(dsk[key], dsk)
        if len(found) == 1 and times[found[0]] == 1 and found[0] not in asked_for:
            expression = _replace(expression, found[0], fused.pop(found[0]))
        fused[key] = expression
    return fused


def _replace(expression: Any, key: str, value: Any) -> Any:
    """The expression with `value` wherever it refers to `key`."""
    if isinstance(expression, tuple):
        operation, *arguments = expression
        return (operation, *[_replace(argument, key, value) for argument in arguments])
    return value if isinstance(expression, str) and expression == key else expression
