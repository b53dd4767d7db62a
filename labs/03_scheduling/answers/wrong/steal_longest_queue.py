"""Takes from the worker with most tasks, however short they are.

caught_by: test_steal_gains_as_much_as_possible
hint: When would a task start
"""


def steal(queues, busy, cost, fetch):
    worker = max(queues, key=lambda w: len(queues[w]))
    if not queues[worker]:
        return None
    start = busy[worker] + sum(cost[task] for task in queues[worker][:-1])
    task = queues[worker][-1]
    return (worker, task) if start > fetch[task] else None
