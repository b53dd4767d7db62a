"""Follows the edges the wrong way: what the task affects.

caught_by: test_ancestors_of_a_task_that_needs_nothing
hint: Look against the arrows
"""


def ancestors(graph, key):
    needed_by = dependents(graph)
    found, frontier = set(), [key]
    while frontier:
        for dependent in needed_by[frontier.pop()]:
            if dependent not in found:
                found.add(dependent)
                frontier.append(dependent)
    return found
