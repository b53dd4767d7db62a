"""Skips an edge from a task to itself: "a cycle has at least two tasks".

caught_by: test_find_cycle_sees_a_task_that_waits_for_itself
hint: you returned None
"""


def find_cycle(graph):
    finished = set()
    for start in graph:
        way = {} if start in finished else {start: iter(graph[start])}
        while way:
            task, rest = next(reversed(way.items()))
            dependency = next(rest, None)
            if dependency is None:
                finished.add(task)
                way.popitem()
            elif dependency in way and dependency != task:
                tasks = list(way)
                return tasks[tasks.index(dependency) :]
            elif dependency not in finished and dependency != task:
                way[dependency] = iter(graph[dependency])
    return None
