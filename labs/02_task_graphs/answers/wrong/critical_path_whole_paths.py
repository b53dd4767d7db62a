"""Remembers the whole path for every task.

caught_by: test_critical_path_keeps_short_notes
hint: a whole path for every task
"""


def critical_path(graph, cost):
    longest, finish = {}, {}
    for task in toposort(graph):
        last = max(graph[task], key=finish.get, default=None)
        longest[task] = [*longest.get(last, []), task]
        finish[task] = cost[task] + finish.get(last, 0)
    return max(longest.values(), key=lambda path: finish[path[-1]], default=[])
