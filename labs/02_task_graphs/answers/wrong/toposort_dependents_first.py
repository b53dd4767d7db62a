"""Reads an edge as "comes before": the report is plotted before it is loaded.

caught_by: test_toposort_orders_the_morning_report
hint: A task may only run when
"""


def toposort(graph):
    missing = {task: len(needed_by) for task, needed_by in dependents(graph).items()}
    ready = [task for task in graph if missing[task] == 0]
    order = []
    while ready:
        task = ready.pop()
        order.append(task)
        for dependency in graph[task]:
            missing[dependency] -= 1
            if missing[dependency] == 0:
                ready.append(dependency)
    if len(order) < len(graph):
        raise ValueError("cycle")
    return order
