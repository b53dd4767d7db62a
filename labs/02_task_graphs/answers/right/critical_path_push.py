"""Each task pushes its finish to those that wait for it."""


def critical_path(graph, cost):
    needed_by = dependents(graph)
    start, cause = dict.fromkeys(graph, 0), {}
    best = (-1, None)
    for task in toposort(graph):
        finish = start[task] + cost[task]
        best = max(best, (finish, task), key=lambda pair: pair[0])
        for dependent in needed_by[task]:
            if dependent not in cause or finish > start[dependent]:
                start[dependent], cause[dependent] = finish, task
    path, step = [], best[1]
    while step is not None:
        path.append(step)
        step = cause.get(step)
    return path[::-1]
