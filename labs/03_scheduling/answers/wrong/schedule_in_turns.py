"""Deals the tasks out in turns: equal numbers are not equal work.

caught_by: test_schedule_evens_out_long_and_short
hint: Shares of equal number
"""


def schedule(graph, cost, workers):
    plan, end, free = {}, {}, [0] * workers
    for number, task in enumerate(toposort(graph)):
        worker = number % workers
        start = max([free[worker], *(end[d] for d in graph[task])])
        plan[task] = (worker, start)
        free[worker] = end[task] = start + cost[task]
    return plan
