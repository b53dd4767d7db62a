"""Walks from the first task only.

caught_by: test_find_cycle_looks_everywhere
hint: you returned None
"""


def find_cycle(graph):
    finished = set()
    way = {start: iter(graph[start]) for start in list(graph)[:1]}
    while way:
        task, rest = next(reversed(way.items()))
        dependency = next(rest, None)
        if dependency is None:
            finished.add(task)
            way.popitem()
        elif dependency in way:
            tasks = list(way)
            return tasks[tasks.index(dependency) :]
        elif dependency not in finished:
            way[dependency] = iter(graph[dependency])
    return None
