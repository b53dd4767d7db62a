"""Tries every chain: right, and endless on a ladder.

caught_by: test_critical_path_scales
hint: each time a path comes by
"""


def critical_path(graph, cost):
    toposort(graph)

    def longest_until(task):
        chains = [longest_until(dependency) for dependency in graph[task]]
        return [*max(chains, key=lambda c: sum(map(cost.get, c)), default=[]), task]

    chains = [longest_until(task) for task in graph]
    return max(chains, key=lambda c: sum(map(cost.get, c)), default=[])
