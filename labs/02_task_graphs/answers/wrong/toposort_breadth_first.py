"""Orders by the distance from a start: a task is placed when it is first met.

caught_by: test_toposort_orders_any_graph
hint: equally far from the start
"""


def toposort(graph):
    needed_by = dependents(graph)
    order = [task for task in graph if not graph[task]]
    seen = set(order)
    for task in order:
        for dependent in needed_by[task]:
            if dependent not in seen:
                seen.add(dependent)
                order.append(dependent)
    if len(order) < len(graph):
        raise ValueError("cycle")
    return order
