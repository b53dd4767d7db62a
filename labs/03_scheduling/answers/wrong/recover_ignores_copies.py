"""Takes a result for lost although another worker has a copy.

caught_by: test_recover_is_not_a_restart
hint: still has a copy
"""


def recover(graph, holders, lost, wanted):
    again, frontier = set(), list(wanted)
    while frontier:
        task = frontier.pop()
        if task not in again and (task not in holders or lost in holders[task]):
            again.add(task)
            frontier += graph[task]
    return again
