"""Lengthens all paths again and again until nothing changes.

caught_by: test_critical_path_looks_at_each_task_a_few_times
hint: goes through all tasks again
"""


def critical_path(graph, cost):
    toposort(graph)
    finish, before = dict(cost), dict.fromkeys(graph)
    changed = True
    while changed:
        changed = False
        for task in graph:
            for dependency in graph[task]:
                if before[task] is None or finish[dependency] + cost[task] > finish[task]:
                    finish[task] = finish[dependency] + cost[task]
                    before[task] = dependency
                    changed = True
    path, step = [], max(finish, key=finish.get, default=None)
    while step is not None:
        path.append(step)
        step = before[step]
    return path[::-1]
