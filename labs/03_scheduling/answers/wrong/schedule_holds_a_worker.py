"""Gives each task in topological order to the first free worker, which then waits for it.

caught_by: test_schedule_lets_nobody_idle
hint: a worker was free
"""


def schedule(graph, cost, workers):
    plan, end, free = {}, {}, [0] * workers
    for task in toposort(graph):
        worker = free.index(min(free))
        start = max([free[worker], *(end[d] for d in graph[task])])
        plan[task] = (worker, start)
        free[worker] = end[task] = start + cost[task]
    return plan
