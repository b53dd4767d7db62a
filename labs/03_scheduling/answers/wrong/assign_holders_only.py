"""Asks only workers that hold an input, so that others never get such a task.

caught_by: test_assign_weighs_waiting_against_moving
hint: for `d` it is 30 or 25
"""


def assign(graph, cost, move, workers):
    free, plan = [0] * workers, {}
    for task, needs in graph.items():
        offers = []
        for worker in {plan[d][0] for d in needs} or {free.index(min(free))}:
            ends = [plan[d][1] + cost[d] + (0 if plan[d][0] == worker else move[d]) for d in needs]
            offers.append((max([free[worker], *ends]), free[worker], worker))
        start, _, worker = min(offers)
        plan[task], free[worker] = (worker, start), start + cost[task]
    return plan
