"""Deals everything out in turns: even, and nearly everything travels.

caught_by: test_place_moves_little
hint: most of their bytes
"""


def place(graph, sizes, workers):
    leaves = [task for task in graph if not graph[task]]
    placed = {task: number % workers for number, task in enumerate(leaves)}
    inner = [task for task in graph if graph[task]]
    return placed | {task: number % workers for number, task in enumerate(inner)}
