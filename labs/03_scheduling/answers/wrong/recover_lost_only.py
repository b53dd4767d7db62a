"""Computes again what was lost, and forgets that its inputs may be released.

caught_by: test_recover_goes_back_as_far_as_it_must
hint: released long ago
"""


def recover(graph, holders, lost, wanted):
    needed = set(wanted).union(*(graph[task] for task in graph if task not in holders))
    needed |= {d for task in wanted if list(holders.get(task, ())) == [lost] for d in graph[task]}
    return {task for task in needed if list(holders.get(task, ())) == [lost]}
