"""Takes the last task of the dict for the end of the path.

caught_by: test_critical_path_may_end_anywhere
hint: there is one that takes longer
"""


def critical_path(graph, cost):
    finish, before = {}, {}
    for each in toposort(graph):
        before[each] = max(graph[each], key=finish.get, default=None)
        finish[each] = cost[each] + (finish[before[each]] if graph[each] else 0)
    path, step = [], next(reversed(graph), None)
    while step is not None:
        path.append(step)
        step = before[step]
    return path[::-1]
