"""Counts the tasks that need a key, not how often they refer to it.

caught_by: test_fuse_never_repeats_work
hint: One task can also refer
"""


def fuse(dsk, keys):
    def put(expression, key, value):
        if isinstance(expression, tuple):
            return (expression[0], *[put(part, key, value) for part in expression[1:]])
        return value if isinstance(expression, str) and expression == key else expression

    graph, fused = structure(dsk), {}
    needed_by = dependents(graph)
    for key in toposort(graph):
        expression = dsk[key]
        if len(graph[key]) == 1:
            (only,) = graph[key]
            if len(needed_by[only]) == 1 and only not in keys:
                expression = put(expression, only, fused.pop(only))
        fused[key] = expression
    return fused
