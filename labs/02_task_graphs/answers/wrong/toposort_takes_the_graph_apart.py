"""Crosses edges off in the caller's own lists.

caught_by: test_toposort_leaves_the_graph_alone
hint: Keep your own notes
"""


def toposort(graph):
    needed_by = dependents(graph)
    ready = [task for task in graph if not graph[task]]
    order = []
    while ready:
        task = ready.pop()
        order.append(task)
        for dependent in needed_by[task]:
            graph[dependent].remove(task)
            if not graph[dependent]:
                ready.append(dependent)
    if any(graph.values()):
        raise ValueError("cycle")
    return order
