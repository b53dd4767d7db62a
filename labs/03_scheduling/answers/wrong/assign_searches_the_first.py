"""Asks few workers about inputs, and searches all for the one that is free first.

caught_by: test_assign_asks_few_workers
hint: looks at a great many workers
"""


def assign(graph, cost, move, workers):
    free, plan = [0] * workers, {}
    for task, needs in graph.items():
        first = min(range(workers), key=lambda w: (free[w], w))
        offers = []
        for worker in {first, *(plan[d][0] for d in needs)}:
            ends = [plan[d][1] + cost[d] + (0 if plan[d][0] == worker else move[d]) for d in needs]
            offers.append((max([free[worker], *ends]), free[worker], worker))
        start, _, worker = min(offers)
        plan[task], free[worker] = (worker, start), start + cost[task]
    return plan
