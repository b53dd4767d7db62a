"""A scheduler in one thread that runs real Dask collections: `x.compute(scheduler=get)`.

Dask hands a scheduler two things: something that holds a graph, and the keys whose results it
wants, in lists that may be nested. The graph maps keys to task objects. Such an object knows what
it needs (`task.dependencies`, a set of keys), and can be called with just these results:
`task({key: result})`.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any

from dask._task_spec import GraphNode, convert_legacy_graph


def tasks_of(dsk: Any) -> dict[Hashable, GraphNode]:
    """The graph that Dask hands to a scheduler, as a dict from keys to task objects.

    Takes what `compute(scheduler=…)` passes on (an expression), or a graph that is a dict already,
    which may still hold tuples instead of task objects.
    """
    graph = dsk.__dask_graph__() if hasattr(dsk, "__dask_graph__") else dsk
    return convert_legacy_graph(dict(graph))


def depth_first(needs: Mapping[Any, Collection[Any]], keys: Collection[Any]) -> list[Any]:
    """List `keys` and all that they need, each once, and each right after what it needs.

    `needs` maps each task to the tasks whose results it needs, and has no cycle. The walk goes down
    one branch to its end before it looks at the next. Chains may be 100,000 tasks long.

    >>> depth_first({"sum": ["a", "b"], "a": ["x"], "b": ["y"], "x": [], "y": []}, ["sum"])
    ['x', 'a', 'y', 'b', 'sum']
    """
    order: dict[Any, None] = {}
    for key in keys:
        path = [] if key in order else [(key, iter(needs[key]))]
        while path:
            task, rest = path[-1]
            below = next((each for each in rest if each not in order), None)
            if below is None:
                order[task] = None
                path.pop()
            else:
                path.append((below, iter(needs[below])))
    return list(order)


def get(dsk: Any, keys: Any, **_options: Any) -> Any:
    """Run a Dask graph in this thread, and return the results of `keys`.

    `dsk` is what Dask hands to a scheduler: `tasks_of(dsk)` is its graph, a dict from keys to task
    objects. `task.dependencies` are the keys whose results a task needs, and
    `task({key: result, …})`, called with exactly these results, gives its own.

    `keys` is one key, or a list of keys and of such lists. The answer has the same shape, with each
    key's result in its place; the shape is always made of lists. Keys are strings or tuples, so a
    tuple is never a list of keys. A key may be asked for twice. Further options are
    Dask's wishes for other schedulers: ignore them.

    Every task that a requested key needs, directly or not, runs exactly once, and no other task
    runs. A result is dropped as soon as nobody needs it any more, and tasks run depth first, so
    that few results are held at once: a chain holds two, and adding up 64 numbers two by two about
    as many as the tree has levels. Chains may be 10,000 tasks long.

    >>> get({"x": 1, "y": (abs, "x"), "z": (sum, ["x", "y"])}, [["z"], "x"])
    [[2], 1]
    """
    tasks = tasks_of(dsk)
    wanted = set(_flat(keys))
    order = depth_first({key: task.dependencies for key, task in tasks.items()}, wanted)
    uses = Counter(needed for key in order for needed in tasks[key].dependencies)
    results: dict[Hashable, Any] = {}
    for key in order:
        needs = tasks[key].dependencies
        results[key] = tasks[key]({needed: results[needed] for needed in needs})
        for needed in needs:
            uses[needed] -= 1
            if not uses[needed] and needed not in wanted:
                del results[needed]
    return _shaped(keys, results)


def _flat(keys: Any) -> Iterator[Hashable]:
    if isinstance(keys, list):
        for each in keys:
            yield from _flat(each)
    else:
        yield keys


def _shaped(keys: Any, results: Mapping[Hashable, Any]) -> Any:
    return [_shaped(each, results) for each in keys] if isinstance(keys, list) else results[keys]
