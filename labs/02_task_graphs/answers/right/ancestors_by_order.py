"""From the last task to the first: whatever a needed task needs is needed."""


def ancestors(graph, key):
    needed = set(graph[key])
    for task in reversed(toposort(graph)):
        if task in needed:
            needed.update(graph[task])
    return needed
