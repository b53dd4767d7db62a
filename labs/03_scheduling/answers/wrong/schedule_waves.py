"""Runs wave after wave: the next begins when all tasks of the last have ended.

caught_by: test_schedule_lets_nobody_idle
hint: a worker was free
"""


def schedule(graph, cost, workers):
    plan, now = {}, 0
    while len(plan) < len(graph):
        ready = [t for t in graph if t not in plan and all(d in plan for d in graph[t])][:workers]
        for worker, task in enumerate(ready):
            plan[task] = (worker, now)
        now += max(cost[task] for task in ready)
    return plan
