"""The chain with the most tasks, whatever they cost.

caught_by: test_critical_path_counts_durations
hint: Durations count, not steps
"""


def critical_path(graph, cost):
    finish, before = {}, {}
    for task in toposort(graph):
        before[task] = max(graph[task], key=finish.get, default=None)
        finish[task] = 1 + (finish[before[task]] if graph[task] else 0)
    path, step = [], max(finish, key=finish.get, default=None)
    while step is not None:
        path.append(step)
        step = before[step]
    return path[::-1]
