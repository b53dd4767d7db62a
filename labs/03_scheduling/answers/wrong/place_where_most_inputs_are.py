"""Counts inputs instead of bytes.

caught_by: test_place_lets_the_small_inputs_travel
hint: Add up bytes
"""

from collections import Counter


def place(graph, sizes, workers):
    last = [task for task, used in dependents(graph).items() if not used]
    order = depth_first(graph, last)
    leaves = [task for task in order if not graph[task]]
    placed = {task: number * workers // len(leaves) for number, task in enumerate(leaves)}
    for task in order:
        if graph[task]:
            placed[task] = Counter(placed[d] for d in graph[task]).most_common(1)[0][0]
    return placed
