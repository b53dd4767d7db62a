"""The longest way from each task to the end, then forward along it."""


def critical_path(graph, cost):
    needed_by = dependents(graph)
    rest = {}
    for task in reversed(toposort(graph)):
        rest[task] = cost[task] + max((rest[t] for t in needed_by[task]), default=0)
    path, step = [], max(rest, key=rest.get, default=None)
    while step is not None:
        path.append(step)
        step = max(needed_by[step], key=rest.get, default=None)
    return path
