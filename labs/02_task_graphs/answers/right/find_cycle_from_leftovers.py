"""Whatever never becomes ready waits for something that never does: follow it."""


def find_cycle(graph):
    needed_by = dependents(graph)
    missing = {task: len(needs) for task, needs in graph.items()}
    ready = [task for task in graph if missing[task] == 0]
    while ready:
        for dependent in needed_by[ready.pop()]:
            missing[dependent] -= 1
            if missing[dependent] == 0:
                ready.append(dependent)
    stuck = {task for task in graph if missing[task]}
    if not stuck:
        return None
    task, place, way = min(stuck), {}, []
    while task not in place:
        place[task] = len(way)
        way.append(task)
        task = next(dependency for dependency in graph[task] if dependency in stuck)
    return way[place[task] :]
