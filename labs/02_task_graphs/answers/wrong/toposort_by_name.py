"""Sorts by name, which happens to work where names say what comes first.

caught_by: test_toposort_orders_the_morning_report
hint: In each pair here
"""


def toposort(graph):
    if any(task in needs for task, needs in graph.items()):
        raise ValueError("a task depends on itself")
    return sorted(graph)
