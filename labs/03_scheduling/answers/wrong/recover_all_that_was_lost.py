"""Computes everything again that the worker held, needed or not.

caught_by: test_recover_computes_nothing_for_nobody
hint: Who would read
"""


def recover(graph, holders, lost, wanted):
    gone = {task for task, workers in holders.items() if list(workers) == [lost]}
    again, frontier = set(), [*gone, *(task for task in wanted if task not in holders)]
    while frontier:
        task = frontier.pop()
        if task not in again and (task in gone or task not in holders):
            again.add(task)
            frontier += graph[task]
    return again
