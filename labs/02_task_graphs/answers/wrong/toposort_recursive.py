"""Right on every small graph, and at the end of its recursion on a long chain.

caught_by: test_toposort_handles_a_long_chain
hint: Python ends a recursion
"""


def toposort(graph):
    order, placed, walking = [], set(), set()

    def place(task):
        if task in walking:
            raise ValueError("cycle")
        if task not in placed:
            walking.add(task)
            for dependency in graph[task]:
                place(dependency)
            walking.remove(task)
            placed.add(task)
            order.append(task)

    for task in graph:
        place(task)
    return order
