"""Follows the data, but deals the leaves out in turns, so that neighbours are apart.

caught_by: test_place_keeps_neighbours_together
hint: blocks of neighbours
"""


def place(graph, sizes, workers):
    leaves = [task for task in graph if not graph[task]]
    placed = {task: number % workers for number, task in enumerate(leaves)}
    for task in toposort(graph):
        if graph[task]:
            placed[task] = placed[max(graph[task], key=sizes.get)]
    return placed
