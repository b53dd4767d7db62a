"""Returns every task that cannot run, also those that merely wait for the cycle.

caught_by: test_find_cycle_returns_the_tasks_of_the_cycle
hint: lead into it
"""


def find_cycle(graph):
    missing = {task: len(needs) for task, needs in graph.items()}
    needed_by = dependents(graph)
    ready = [task for task in graph if missing[task] == 0]
    while ready:
        for dependent in needed_by[ready.pop()]:
            missing[dependent] -= 1
            if missing[dependent] == 0:
                ready.append(dependent)
    return [task for task in graph if missing[task]] or None
