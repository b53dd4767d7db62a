"""Takes the worker that is free first, wherever the inputs are.

caught_by: test_assign_weighs_waiting_against_moving
hint: can start at 20 where
"""

from heapq import heappop, heappush


def assign(graph, cost, move, workers):
    heap, plan = [(0, worker) for worker in range(workers)], {}
    for task, needs in graph.items():
        free, worker = heappop(heap)
        ends = [plan[d][1] + cost[d] + (0 if plan[d][0] == worker else move[d]) for d in needs]
        start = max([free, *ends])
        plan[task] = (worker, start)
        heappush(heap, (start + cost[task], worker))
    return plan
