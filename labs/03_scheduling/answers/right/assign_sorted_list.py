"""Keeps the workers in a sorted list instead of a heap."""

from bisect import bisect_left, insort


def assign(graph, cost, move, workers):
    free, plan = [0] * workers, {}
    row = [(0, worker) for worker in range(workers)]
    for task, needs in graph.items():
        ends = {d: plan[d][1] + cost[d] for d in needs}
        offers = []
        for worker in {row[0][1], *(plan[d][0] for d in needs)}:
            there = [ends[d] if plan[d][0] == worker else ends[d] + move[d] for d in needs]
            offers.append((max([free[worker], *there]), free[worker], worker))
        start, before, worker = min(offers)
        plan[task] = (worker, start)
        row.pop(bisect_left(row, (before, worker)))
        free[worker] = start + cost[task]
        insort(row, (free[worker], worker))
    return plan
