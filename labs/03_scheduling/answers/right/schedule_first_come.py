"""Takes ready tasks in the order in which they became ready."""

from collections import deque
from heapq import heappop, heappush


def schedule(graph, cost, workers):
    needed_by = dependents(graph)
    missing = {task: len(needs) for task, needs in graph.items()}
    ready = deque(task for task in graph if not missing[task])
    free, running, plan, now = list(range(workers)), [], {}, 0
    while ready or running:
        while ready and free:
            task, worker = ready.popleft(), free.pop()
            plan[task] = (worker, now)
            heappush(running, (now + cost[task], task, worker))
        now, task, worker = heappop(running)
        free.append(worker)
        for dependent in needed_by[task]:
            missing[dependent] -= 1
            if not missing[dependent]:
                ready.append(dependent)
    return plan
