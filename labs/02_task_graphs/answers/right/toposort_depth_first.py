"""Each task is placed when the walk leaves it: after all that it needs."""


def toposort(graph):
    placed, order, walking = set(), [], set()
    for start in graph:
        stack = [(start, False)]
        while stack:
            task, leaving = stack.pop()
            if leaving:
                walking.discard(task)
                placed.add(task)
                order.append(task)
            elif task in walking:
                raise ValueError(f"{task!r} waits for itself")
            elif task not in placed:
                walking.add(task)
                stack.append((task, True))
                stack.extend((dependency, False) for dependency in graph[task])
    return order
