"""Computes every ancestor of a lost result again, whether it is there or not.

caught_by: test_recover_is_not_a_restart
hint: Nothing else has to run
"""


def recover(graph, holders, lost, wanted):
    again, frontier = set(), []
    frontier = [task for task in wanted if not set(holders.get(task, ())) - {lost}]
    while frontier:
        task = frontier.pop()
        if task not in again:
            again.add(task)
            frontier += graph[task]
    return again
