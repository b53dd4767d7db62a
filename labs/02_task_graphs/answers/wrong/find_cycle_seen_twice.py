"""Calls it a cycle when a task is met again: every diamond is one then.

caught_by: test_find_cycle_accepts_diamonds
hint: it may be reached in two ways
"""


def find_cycle(graph):
    for start in graph:
        seen, stack = {}, [(start, None)]
        while stack:
            task, before = stack.pop()
            if task in seen:
                way = [before]
                while way[-1] is not None and way[-1] != task:
                    way.append(seen[way[-1]])
                return [step for step in reversed(way) if step is not None]
            seen[task] = before
            stack.extend((dependency, task) for dependency in graph[task])
    return None
