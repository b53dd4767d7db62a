"""Writes all choices down with their gains, and takes the largest."""

from itertools import accumulate


def steal(queues, busy, cost, fetch):
    choices = [
        (start - fetch[task], worker, task)
        for worker, tasks in queues.items()
        for task, start in zip(
            tasks, accumulate((cost[t] for t in tasks), initial=busy[worker]), strict=False
        )
    ]
    gain, worker, task = max(choices, default=(0, 0, ""))
    return (worker, task) if gain > 0 else None
