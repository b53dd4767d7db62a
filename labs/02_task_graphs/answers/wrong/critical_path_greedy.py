"""From the most expensive end back along the most expensive dependency.

caught_by: test_critical_path_of_any_graph
hint: Do durations decide
"""


def critical_path(graph, cost):
    needed_by = dependents(graph)
    toposort(graph)
    step = max((t for t in graph if not needed_by[t]), key=cost.get, default=None)
    path = []
    while step is not None:
        path.append(step)
        step = max(graph[step], key=cost.get, default=None)
    return path[::-1]
