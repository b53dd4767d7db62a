"""Direct dependencies only.

caught_by: test_ancestors_of_the_map
hint: Dependencies have dependencies
"""


def ancestors(graph, key):
    return set(graph[key])
