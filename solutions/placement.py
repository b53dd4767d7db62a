"""Placement: which worker gets a task, when results are large and networks are slow."""

from collections import Counter
from collections.abc import Mapping
from heapq import heappop, heappush

from solutions.graph import Graph, dependents
from solutions.scheduler import depth_first
from solutions.timetable import Plan


def bytes_moved(graph: Graph, sizes: Mapping[str, int], placed: Mapping[str, int]) -> int:
    """The bytes that travel: each result once to every other worker that needs it.

    >>> bytes_moved({"a": [], "b": ["a"], "c": ["a"]}, {"a": 8, "b": 1, "c": 1},
    ...             {"a": 0, "b": 1, "c": 1})
    8
    """
    trips = {(d, placed[task]) for task, needs in graph.items() for d in needs}
    return sum(sizes[d] for d, worker in trips if placed[d] != worker)


def place(graph: Graph, sizes: Mapping[str, int], workers: int) -> dict[str, int]:
    """Choose a worker for each task, so that the work is spread and few bytes travel.

    `graph` maps each task to the list of its dependencies and has no cycle; `sizes` maps each task
    to the bytes of its result; workers are numbered from 0 to `workers - 1`. The result maps each
    task to its worker. Bytes are counted as `bytes_moved` does: a result travels once to every
    other worker that needs it.

    **Spread:** of the tasks that need nothing, no worker gets more than one more than another.
    **Neighbours together:** where results are added up two by two, few of these pairs lie on two
    workers: with sizes all equal, at most (workers - 1) times the levels of the tree travel.
    **Follow the data:** for every other task, no more bytes travel than those of all its inputs
    but the largest.

    >>> place({"a": [], "b": [], "ab": ["a", "b"]}, {"a": 9, "b": 2, "ab": 1}, 2)
    {'a': 0, 'b': 1, 'ab': 0}
    """
    last = [task for task, used in dependents(graph).items() if not used]
    order = depth_first(graph, last)
    first = [task for task in order if not graph[task]]
    placed = {task: number * workers // len(first) for number, task in enumerate(first)}
    for task in order:
        if graph[task]:
            there: Counter[int] = Counter()
            for needed in graph[task]:
                there[placed[needed]] += sizes[needed]
            placed[task] = max(there, key=there.__getitem__)
    return placed


def steal(
    queues: Mapping[int, list[str]],
    busy: Mapping[int, int],
    cost: Mapping[str, int],
    fetch: Mapping[str, int],
) -> tuple[int, str] | None:
    """Say which task a worker that has nothing to do should take from whom.

    `queues` maps each of the other workers to the tasks that wait there, in the order in which it
    will run them. `busy` maps it to the milliseconds that its running task still takes. `cost` maps
    each task to its duration, and `fetch` to the time that the idle worker needs to fetch its
    inputs before it can start it (all in milliseconds, whole numbers from 0).

    The answer is `(worker, task)` such that the task starts as much earlier as possible than where
    it waits; among equals any. It is None if no task would start earlier.

    >>> steal({1: ["a", "b"]}, {1: 30}, {"a": 50, "b": 50}, {"a": 10, "b": 10})
    (1, 'b')
    >>> steal({1: ["a"]}, {1: 30}, {"a": 50}, {"a": 40})
    """
    best, most = None, 0
    for worker, tasks in queues.items():
        start = busy[worker]
        for task in tasks:
            if start - fetch[task] > most:
                best, most = (worker, task), start - fetch[task]
            start += cost[task]
    return best


def assign(graph: Graph, cost: Mapping[str, int], move: Mapping[str, int], workers: int) -> Plan:
    """Give each task in turn to the worker on which it can start first.

    `graph` maps each task to the list of its dependencies, and lists every task after all of its
    dependencies; tasks are taken in this order. `cost` maps each task to its duration, `move` to
    the time that its result takes to another worker (whole numbers from 0). Workers are numbered
    from 0 to `workers - 1`.

    A task starts on a worker when the worker is free, that is, when the last task that it was given
    ends, and when all inputs are there: an input is there when its task ends if it ran on the same
    worker, and `move[input]` later if not. The task goes to the worker where it starts first; among
    equals to the one that is free first, and then to the one with the lowest number. The plan maps
    each task to `(worker, start)`.

    The times that the function adds up or compares must not grow with the number of workers, but
    for a logarithm: at most 150 for each task and edge with 250 workers.

    >>> assign({"a": [], "b": [], "c": ["a", "b"]}, {"a": 9, "b": 5, "c": 1},
    ...        {"a": 7, "b": 2, "c": 0}, 2)
    {'a': (0, 0), 'b': (1, 0), 'c': (0, 9)}
    """
    free = [0] * workers
    first = [(0, worker) for worker in range(workers)]  # a heap; may be out of date
    plan: Plan = {}
    for task, needs in graph.items():
        while first[0][0] != free[first[0][1]]:
            heappop(first)
        ends = [(plan[d][0], plan[d][1] + cost[d], move[d]) for d in needs]
        best = None
        for worker in {first[0][1], *(where for where, _, _ in ends)}:
            start = free[worker]
            for where, end, far in ends:
                start = max(start, end if where == worker else end + far)
            if best is None or (start, free[worker], worker) < best:
                best = (start, free[worker], worker)
        assert best is not None
        start, _, worker = best
        plan[task] = (worker, start)
        free[worker] = start + cost[task]
        heappush(first, (free[worker], worker))
    return plan
