"""Returns what could be placed, and passes over a cycle in silence.

caught_by: test_toposort_refuses_a_cycle
hint: Do not pass over that in silence
"""


def toposort(graph):
    needed_by = dependents(graph)
    missing = {task: len(needs) for task, needs in graph.items()}
    ready = [task for task in graph if missing[task] == 0]
    order = []
    while ready:
        task = ready.pop()
        order.append(task)
        for dependent in needed_by[task]:
            missing[dependent] -= 1
            if missing[dependent] == 0:
                ready.append(dependent)
    return order
