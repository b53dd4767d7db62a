"""Shares the work out evenly, and forgets who needs whom.

caught_by: test_schedule_plans_the_morning
hint: In each pair here the first task starts
"""


def schedule(graph, cost, workers):
    plan, free = {}, [0] * workers
    for task in sorted(graph, key=cost.get, reverse=True):
        worker = free.index(min(free))
        plan[task] = (worker, free[worker])
        free[worker] += cost[task]
    return plan
