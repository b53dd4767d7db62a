"""Recovery: what has to run again when a worker is gone, and its results with it."""

from collections.abc import Collection, Mapping

from solutions.graph import Graph


def recover(
    graph: Graph, holders: Mapping[str, Collection[str]], lost: str, wanted: Collection[str]
) -> set[str]:
    """Which tasks have to run now that worker `lost` is gone?

    `graph` maps each task to the list of its dependencies and has no cycle. `holders` maps each
    result that existed before the loss to the workers that held a copy of it; a task that is not in
    it has not run yet, or its result has been released. `wanted` are the tasks whose results
    somebody has asked for.

    The answer is the smallest set of tasks that gives all of `wanted`: whatever is wanted, or
    needed by a task of this set, and of which no copy is left. Chains may be 10,000 tasks long.
    The arguments are left as they were.

    >>> graph = {"load": [], "clean": ["load"], "count": ["clean"], "map": ["clean"]}
    >>> sorted(recover(graph, {"clean": ["b"], "count": ["a"]}, "b", ["count", "map"]))
    ['clean', 'load', 'map']
    >>> recover(graph, {"clean": ["b"], "count": ["a"], "map": ["a"]}, "b", ["count", "map"])
    set()
    """
    there = {task for task, workers in holders.items() if set(workers) - {lost}}
    again: set[str] = set()
    frontier = list(wanted)
    while frontier:
        task = frontier.pop()
        if task not in there and task not in again:
            again.add(task)
            frontier += graph[task]
    return again
