"""Queues to steal from, and what a theft gains."""

from task_graphs import words


def random_queues(rng, far):
    """Waiting tasks of seven workers, when these are free, and what running and fetching takes."""
    names = iter(words(rng, 100))
    queues = {w: [next(names) for _ in range(int(rng.integers(0, 9)))] for w in range(1, 8)}
    tasks = [task for queue in queues.values() for task in queue]
    cost = {task: int(rng.integers(1, 60)) for task in tasks}
    fetch = {task: int(rng.integers(0, far)) for task in tasks}
    return queues, {worker: int(rng.integers(0, 80)) for worker in queues}, cost, fetch


def gain(choice, queues, busy, cost, fetch):
    """How much earlier the stolen task starts."""
    worker, stolen = choice
    queue = queues[worker]
    return busy[worker] + sum(cost[task] for task in queue[: queue.index(stolen)]) - fetch[stolen]


def most_gain(queues, busy, cost, fetch):
    """What the best theft gains; 0 if there is nothing to steal."""
    choices = [(worker, task) for worker, queue in queues.items() for task in queue]
    return max((gain(choice, queues, busy, cost, fetch) for choice in choices), default=0)
