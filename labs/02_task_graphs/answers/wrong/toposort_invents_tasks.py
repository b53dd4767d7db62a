"""Takes an unknown dependency for one more task.

caught_by: test_toposort_refuses_an_unknown_dependency
hint: Neither invent it
"""

from graphlib import TopologicalSorter


def toposort(graph):
    return list(TopologicalSorter(graph).static_order())
