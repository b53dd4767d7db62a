"""The standard library can do it, apart from unknown dependencies."""

from graphlib import TopologicalSorter


def toposort(graph):
    for needs in graph.values():
        for dependency in needs:
            graph[dependency]
    return list(TopologicalSorter(graph).static_order())
