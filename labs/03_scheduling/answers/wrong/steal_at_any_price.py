"""Forgets that the inputs have to travel.

caught_by: test_steal_leaves_what_starts_sooner_at_home
hint: Stealing has a price
"""


def steal(queues, busy, cost, fetch):
    best, most = None, 0
    for worker, tasks in queues.items():
        start = busy[worker]
        for task in tasks:
            if start > most:
                best, most = (worker, task), start
            start += cost[task]
    return best
