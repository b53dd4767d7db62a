"""Takes the best there is, even if it starts later than at home.

caught_by: test_steal_leaves_what_starts_sooner_at_home
hint: Return None if no task
"""


def steal(queues, busy, cost, fetch):
    gains = {}
    for worker, tasks in queues.items():
        start = busy[worker]
        for task in tasks:
            gains[worker, task] = start - fetch[task]
            start += cost[task]
    return max(gains, key=gains.get, default=None)
