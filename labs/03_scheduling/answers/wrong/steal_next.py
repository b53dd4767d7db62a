"""Takes the task that would run next.

caught_by: test_steal_takes_what_waits_longest
hint: would run next gains least
"""


def steal(queues, busy, cost, fetch):
    queues = {worker: tasks for worker, tasks in queues.items() if tasks}
    gains = {(w, tasks[0]): busy[w] - fetch[tasks[0]] for w, tasks in queues.items()}
    best = max(gains, key=gains.get, default=None)
    return best if best and gains[best] > 0 else None
