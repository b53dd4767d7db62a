"""Goes down every way again: right, and endless on a ladder.

caught_by: test_ancestors_looks_at_each_task_once
hint: comes back to tasks
"""


def ancestors(graph, key):
    found, frontier = set(), [key]
    while frontier:
        needs = graph[frontier.pop()]
        found.update(needs)
        frontier.extend(needs)
    return found
