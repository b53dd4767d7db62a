"""An unknown task silently has no ancestors.

caught_by: test_ancestors_of_an_unknown_task
hint: let KeyError out
"""


def ancestors(graph, key):
    found, frontier = set(), [key]
    while frontier:
        for dependency in graph.get(frontier.pop(), []):
            if dependency not in found:
                found.add(dependency)
                frontier.append(dependency)
    return found
