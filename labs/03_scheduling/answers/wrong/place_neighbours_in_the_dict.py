"""Takes blocks of leaves in the order of the dict for neighbours.

caught_by: test_place_keeps_neighbours_together_in_any_tree
hint: Neighbours are those
"""


def place(graph, sizes, workers):
    leaves = [task for task in graph if not graph[task]]
    placed = {task: number * workers // len(leaves) for number, task in enumerate(leaves)}
    for task in toposort(graph):
        if graph[task]:
            placed[task] = placed[max(graph[task], key=sizes.get)]
    return placed
