"""Returns the whole way, with the tasks that lead into the cycle.

caught_by: test_find_cycle_returns_the_tasks_of_the_cycle
hint: lead into it
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
                return list(way)
            elif dependency not in finished:
                way[dependency] = iter(graph[dependency])
    return None
