"""Goes through each queue from its end."""


def steal(queues, busy, cost, fetch):
    best = None
    for worker, tasks in queues.items():
        start = busy[worker] + sum(cost[task] for task in tasks)
        for task in reversed(tasks):
            start -= cost[task]
            gain = start - fetch[task]
            if gain > 0 and (best is None or gain > best[0]):
                best = (gain, worker, task)
    return best and best[1:]
