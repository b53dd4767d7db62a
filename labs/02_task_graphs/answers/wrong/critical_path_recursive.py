"""Remembers each answer, and asks by recursion.

caught_by: test_critical_path_keeps_short_notes
hint: Python ends a recursion
"""

from functools import cache


def critical_path(graph, cost):
    toposort(graph)
    before = {}

    @cache
    def finish_of(task):
        before[task] = max(graph[task], key=finish_of, default=None)
        return cost[task] + (finish_of(before[task]) if graph[task] else 0)

    finish = {task: finish_of(task) for task in graph}
    path, step = [], max(finish, key=finish.get, default=None)
    while step is not None:
        path.append(step)
        step = before[step]
    return path[::-1]
