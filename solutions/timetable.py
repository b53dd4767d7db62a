"""Timetables: which worker runs which task, and when.

A plan maps each task to `(worker, start)`: the number of a worker, from 0, and a time. A task holds
its worker until `start + cost[task]`; one task may begin in the moment in which another ends.

    {"load": (0, 0), "count": (0, 10), "map": (1, 10)}
"""

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

from solutions.graph import Graph, dependents, toposort

Plan = dict[str, tuple[int, int]]
Amounts = Mapping[str, int]


def makespan(plan: Plan, cost: Amounts) -> int:
    """When the last task of a plan ends.

    >>> makespan({"load": (0, 0), "map": (1, 10)}, {"load": 10, "map": 20})
    30
    """
    return max((start + cost[task] for task, (_, start) in plan.items()), default=0)


def schedule(graph: Graph, cost: Amounts, workers: int) -> Plan:
    """Say for each task which worker runs it, and when it starts.

    `graph` maps each task to the list of its dependencies and has no cycle; `cost` maps each task
    to its duration, a whole number from 1. There are `workers` workers, 1 or more, all equally
    fast; a worker runs one task at a time, without a break. The plan maps each task to
    `(worker, start)`: a number from 0 to `workers - 1`, and a whole number from 0.

    No two tasks overlap on a worker, and a task starts when all of its dependencies have ended, or
    later. **No worker idles while a task could run**: at no time is a worker free while there is a
    task that has not started although its dependencies have ended. Which of several such tasks goes
    first is free. An empty graph has an empty plan. The arguments are left as they were.

    >>> schedule({"load": [], "map": ["load"]}, {"load": 10, "map": 20}, 1)
    {'load': (0, 0), 'map': (0, 10)}
    """
    needed_by, tail = dependents(graph), _longest_to_the_end(graph, cost)
    missing = {task: len(needs) for task, needs in graph.items()}
    ready = [(-tail[task], task) for task, count in missing.items() if not count]
    heapify(ready)
    free, running, now = list(range(workers)), list[tuple[int, str]](), 0
    plan: Plan = {}
    while ready or running:
        while ready and free:
            _, task = heappop(ready)
            plan[task] = (heappop(free), now)
            heappush(running, (now + cost[task], task))
        now, task = heappop(running)
        heappush(free, plan[task][0])
        for dependent in needed_by[task]:
            missing[dependent] -= 1
            if not missing[dependent]:
                heappush(ready, (-tail[dependent], dependent))
    return plan


def _longest_to_the_end(graph: Graph, cost: Amounts) -> dict[str, int]:
    """For each task, the longest chain of durations that begins with it: the longest goes first."""
    needed_by = dependents(graph)
    tail: dict[str, int] = {}
    for task in reversed(toposort(graph)):
        tail[task] = cost[task] + max((tail[after] for after in needed_by[task]), default=0)
    return tail


def with_resources(
    graph: Graph, cost: Amounts, demand: Mapping[str, Amounts], workers: list[dict[str, int]]
) -> Plan:
    """Plan tasks that need more than a free worker: memory, a GPU, a licence.

    `workers[i]` says how much worker `i` offers of each resource, for example
    `{"threads": 4, "GPU": 1}`. `demand[task]` says how much a task takes of them from its start to
    its end; it takes nothing of what it does not name, and a worker offers nothing of what it does
    not name. All amounts are whole numbers from 0; a worker may run any number of tasks at once
    while they fit. Graph, cost and plan are those of `schedule`.

    At no time do the tasks that run on a worker take more of any resource than it offers. A task
    starts when its dependencies have ended, or later, and **it waits no longer than it has to**: at
    no time between the end of its dependencies and its start was there room for it on any worker.
    In particular it does not queue behind a task that does not fit.

    Raises ValueError if a task demands more than each of the workers offers, as it would wait for
    ever.

    >>> gpu = {"GPU": 1}
    >>> with_resources({"a": [], "b": []}, {"a": 5, "b": 5}, {"a": gpu, "b": gpu}, [gpu])
    {'a': (0, 0), 'b': (0, 5)}
    """
    for task in graph:
        if not any(_fits(demand[task], offer) for offer in workers):
            raise ValueError(f"{task!r} demands {dict(demand[task])}; no worker offers that much")
    left = [dict(offer) for offer in workers]
    missing, needed_by = {task: len(needs) for task, needs in graph.items()}, dependents(graph)
    waiting = [task for task, count in missing.items() if not count]
    running, plan, now = list[tuple[int, str]](), Plan(), 0
    while waiting or running:
        for task in list(waiting):
            worker = next((w for w, room in enumerate(left) if _fits(demand[task], room)), None)
            if worker is not None:
                waiting.remove(task)
                plan[task] = (worker, now)
                _take(left[worker], demand[task], 1)
                heappush(running, (now + cost[task], task))
        now, task = heappop(running)
        _take(left[plan[task][0]], demand[task], -1)
        for dependent in needed_by[task]:
            missing[dependent] -= 1
            if not missing[dependent]:
                waiting.append(dependent)
    return plan


def _fits(demand: Amounts, room: Amounts) -> bool:
    return all(room.get(name, 0) >= amount for name, amount in demand.items())


def _take(room: dict[str, int], demand: Amounts, sign: int) -> None:
    for name, amount in demand.items():
        room[name] = room.get(name, 0) - sign * amount
