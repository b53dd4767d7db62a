"""Starts each task as soon as it could, as if there were always a free worker.

caught_by: test_schedule_keeps_the_rules
hint: same worker at the same time
"""


def schedule(graph, cost, workers):
    plan, end = {}, {}
    for number, task in enumerate(toposort(graph)):
        start = max((end[d] for d in graph[task]), default=0)
        plan[task] = (number % workers, start)
        end[task] = start + cost[task]
    return plan
