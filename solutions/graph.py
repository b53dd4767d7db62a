"""Task graphs: tasks, what they need, and the questions one asks before running them.

A graph is a dict from each task to the list of its dependencies: the tasks whose results it needs.
Every dependency is a task of the graph, and no list names a task twice.

    {"load": [], "clean": ["load"], "count": ["clean"], "plot": ["clean"]}

An edge therefore points from a task back to what it needs; `dependents` turns the edges around.
Nothing here recurses, so a chain of 100,000 tasks is as welcome as one of ten, and each function
looks at every task and every edge a constant number of times.
"""

from collections.abc import Iterator, Mapping

Graph = dict[str, list[str]]


def dependents(graph: Graph) -> Graph:
    """Turn every edge around: for each task, the tasks that need its result.

    Raises KeyError if a dependency is not a task of the graph.

    >>> dependents({"load": [], "count": ["load"], "plot": ["load", "count"]})
    {'load': ['count', 'plot'], 'count': ['plot'], 'plot': []}
    """
    needed_by: Graph = {task: [] for task in graph}
    for task, dependencies in graph.items():
        for dependency in dependencies:
            if dependency not in needed_by:
                raise KeyError(f"{task!r} needs {dependency!r}, no task of this graph: add it")
            needed_by[dependency].append(task)
    return needed_by


def toposort(graph: Graph) -> list[str]:
    """List all tasks in an order in which they can run, one after the other.

    `graph` maps each task to the list of its dependencies. The result holds every task once, after
    all of its dependencies. Most graphs have many such orders: any of them will do. An empty graph
    gives an empty list. The graph itself is left as it was. Chains may be 100,000 tasks long.

    Raises ValueError if the graph has a cycle; KeyError if a dependency is not a task of the graph.

    >>> toposort({"plot": ["clean"], "clean": ["load"], "load": []})
    ['load', 'clean', 'plot']
    """
    needed_by = dependents(graph)
    missing = {task: len(dependencies) for task, dependencies in graph.items()}
    ready = [task for task, count in missing.items() if count == 0]
    order: list[str] = []
    while ready:
        task = ready.pop()
        order.append(task)
        for dependent in needed_by[task]:
            missing[dependent] -= 1
            if missing[dependent] == 0:
                ready.append(dependent)
    if len(order) < len(graph):
        stuck = [task for task, count in missing.items() if count > 0]
        raise ValueError(f"no order exists, these tasks form a cycle: {_walk_back(graph, stuck)}")
    return order


def _walk_back(graph: Graph, stuck: list[str]) -> str:
    """Walk from a stuck task to a stuck dependency, which it always has, until one comes back."""
    among, path, task = set(stuck), dict[str, None](), stuck[0]
    while task not in path:
        path[task] = None
        task = next(dependency for dependency in graph[task] if dependency in among)
    walked = list(path)
    return " -> ".join([*walked[walked.index(task) :], task])


def find_cycle(graph: Graph) -> list[str] | None:
    """Find tasks that wait for each other in a circle; None if there are none.

    `graph` maps each task to the list of its dependencies. The result lists the tasks of one cycle,
    each once: every task depends on the next one in the list, and the last depends on the first.
    A task that depends on itself is a cycle of one. If there are several cycles, any of them will
    do, starting anywhere. Cycles may be 100,000 tasks long.

    >>> find_cycle({"hen": ["egg"], "egg": ["hen"], "omelette": ["egg"]})
    ['hen', 'egg']
    >>> find_cycle({"egg": [], "yolk": ["egg"], "white": ["egg"], "cake": ["yolk", "white"]})
    """
    finished: set[str] = set()
    for start in graph:
        # The path from `start` to where we stand; each task with those dependencies yet to look at.
        path: dict[str, Iterator[str]] = {}
        if start not in finished:
            path[start] = iter(graph[start])
        while path:
            task, rest = next(reversed(path.items()))
            dependency = next(rest, None)
            if dependency is None:
                finished.add(task)
                path.popitem()
            elif dependency in path:
                tasks = list(path)
                return tasks[tasks.index(dependency) :]
            elif dependency not in finished:
                path[dependency] = iter(graph[dependency])
    return None


def ancestors(graph: Graph, key: str) -> set[str]:
    """Everything that must run before task `key`: its dependencies, theirs, and so on.

    `graph` maps each task to the list of its dependencies, and has no cycle. `key` itself is not in
    the result; a task without dependencies has no ancestors. Chains may be 100,000 tasks long, and
    a task that can be reached in many ways is looked at once.

    Raises KeyError if `key` is not a task of the graph.

    >>> sorted(ancestors({"load": [], "clean": ["load"], "plot": ["clean"], "mail": []}, "plot"))
    ['clean', 'load']
    """
    found: set[str] = set()
    frontier = [key]
    while frontier:
        for dependency in graph[frontier.pop()]:
            if dependency not in found:
                found.add(dependency)
                frontier.append(dependency)
    return found


def critical_path(graph: Graph, cost: Mapping[str, float]) -> list[str]:
    """The chain of tasks that takes longest, however many workers there are.

    `graph` maps each task to the list of its dependencies, `cost` each task to its duration, 0 or
    more, all in one unit. The result lists tasks in the order in which they run, each a dependency
    of the next, with the largest possible sum of durations. Several chains may share that sum: any
    of them will do. An empty graph gives an empty list. Each task and each edge is looked at a
    constant number of times, and chains may be 100,000 tasks long.

    Raises ValueError if the graph has a cycle.

    >>> graph = {"load": [], "clean": ["load"], "fit": ["load"], "report": ["clean", "fit"]}
    >>> critical_path(graph, {"load": 2, "clean": 1, "fit": 9, "report": 1})
    ['load', 'fit', 'report']
    """
    finish: dict[str, float] = {}
    slowest: dict[str, str | None] = {}
    for task in toposort(graph):
        last = max(graph[task], key=finish.__getitem__, default=None)
        slowest[task] = last
        finish[task] = cost[task] + (finish[last] if last is not None else 0)
    path: list[str] = []
    step = max(finish, key=finish.__getitem__, default=None)
    while step is not None:
        path.append(step)
        step = slowest[step]
    return path[::-1]
