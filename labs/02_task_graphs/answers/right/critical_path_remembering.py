"""Asks downwards and remembers every answer, with a stack of its own."""


def critical_path(graph, cost):
    if find_cycle(graph):
        raise ValueError("a cycle has no longest chain")
    finish, before, stack = {}, {}, list(graph)
    while stack:
        task = stack[-1]
        unknown = [d for d in graph[task] if d not in finish]
        if unknown:
            stack.extend(unknown)
            continue
        stack.pop()
        if task not in finish:
            before[task] = max(graph[task], key=finish.get, default=None)
            finish[task] = cost[task] + (finish[before[task]] if graph[task] else 0)
    path, step = [], max(finish, key=finish.get, default=None)
    while step is not None:
        path.append(step)
        step = before[step]
    return path[::-1]
