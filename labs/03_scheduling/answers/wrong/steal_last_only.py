"""Looks at the last task of each queue only, whose inputs may be far away.

caught_by: test_steal_gains_most_wherever_the_data_are
hint: Another task would have gained
"""


def steal(queues, busy, cost, fetch):
    best, most = None, 0
    for worker, tasks in queues.items():
        if tasks:
            start = busy[worker] + sum(cost[task] for task in tasks[:-1])
            if start - fetch[tasks[-1]] > most:
                best, most = (worker, tasks[-1]), start - fetch[tasks[-1]]
    return best
