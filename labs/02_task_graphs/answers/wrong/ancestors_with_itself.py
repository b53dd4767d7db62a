"""Counts the task among its own ancestors.

caught_by: test_ancestors_of_the_map
hint: The task itself is not
"""


def ancestors(graph, key):
    found, frontier = {key}, [key]
    while frontier:
        for dependency in graph[frontier.pop()]:
            if dependency not in found:
                found.add(dependency)
                frontier.append(dependency)
    return found
