"""Never looks whether an entry of the heap is out of date.

caught_by: test_assign_finds_the_same_plan_as_asking_everybody
hint: Compare `(start
"""

from heapq import heappop, heappush


def assign(graph, cost, move, workers):
    free, heap, plan = [0] * workers, [(0, worker) for worker in range(workers)], {}
    for task, needs in graph.items():
        offers = []
        for worker in {heap[0][1], *(plan[d][0] for d in needs)}:
            ends = [plan[d][1] + cost[d] + (0 if plan[d][0] == worker else move[d]) for d in needs]
            offers.append((max([free[worker], *ends]), free[worker], worker))
        start, _, worker = min(offers)
        plan[task], free[worker] = (worker, start), start + cost[task]
        if worker == heap[0][1]:
            heappop(heap)
        heappush(heap, (free[worker], worker))
    return plan
