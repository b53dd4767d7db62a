"""Lists the cycle in the order of running, that is, against the dependencies.

caught_by: test_find_cycle_returns_the_tasks_of_the_cycle
hint: the last one on the first
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
            elif dependency in way:
                tasks = list(way)
                return tasks[tasks.index(dependency) :][::-1]
            elif dependency not in finished:
                way[dependency] = iter(graph[dependency])
    return None
