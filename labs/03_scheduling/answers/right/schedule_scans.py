"""Looks at all tasks at every moment in which one ends; no heap."""


def schedule(graph, cost, workers):
    plan, end, now = {}, {}, 0
    while len(plan) < len(graph):
        busy = {plan[task][0] for task in plan if end[task] > now}
        free = [worker for worker in range(workers) if worker not in busy]
        for task, needs in graph.items():
            if free and task not in plan and all(d in end and end[d] <= now for d in needs):
                plan[task] = (free.pop(), now)
                end[task] = now + cost[task]
        now = min((each for each in end.values() if each > now), default=now)
    return plan
