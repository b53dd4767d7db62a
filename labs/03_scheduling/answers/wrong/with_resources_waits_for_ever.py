"""Leaves a task that fits nowhere waiting, as Dask does.

caught_by: test_with_resources_refuses_what_fits_nowhere
hint: would wait for ever
"""

from heapq import heappop, heappush


def with_resources(graph, cost, demand, workers):
    def fits(task, room):
        return all(room.get(name, 0) >= amount for name, amount in demand[task].items())

    def take(worker, task, sign):
        for name, amount in demand[task].items():
            left[worker][name] = left[worker].get(name, 0) - sign * amount

    left = [dict(offer) for offer in workers]
    missing, needed_by = {t: len(needs) for t, needs in graph.items()}, dependents(graph)
    waiting = [task for task in graph if not missing[task]]
    running, plan, now = [], {}, 0
    while waiting or running:
        for task in list(waiting):
            for worker in range(len(workers)):
                if fits(task, left[worker]):
                    waiting.remove(task)
                    plan[task] = (worker, now)
                    take(worker, task, 1)
                    heappush(running, (now + cost[task], task))
                    break
        if not running:
            return plan
        now, task = heappop(running)
        take(plan[task][0], task, -1)
        for dependent in needed_by[task]:
            missing[dependent] -= 1
            if not missing[dependent]:
                waiting.append(dependent)
    return plan
