"""Merges along every single dependency, also if others need the result.

caught_by: test_fuse_does_no_work_twice
hint: it is computed twice
"""


def fuse(dsk, keys):
    def put(expression, key, value):
        if isinstance(expression, tuple):
            return (expression[0], *[put(part, key, value) for part in expression[1:]])
        return value if isinstance(expression, str) and expression == key else expression

    graph, fused = structure(dsk), {}
    needed_by = dependents(graph)
    for key in toposort(graph):
        fused[key] = dsk[key]
        if len(graph[key]) == 1:
            (only,) = graph[key]
            fused[key] = put(dsk[key], only, fused[only])
    ends = {key for key in dsk if not needed_by[key]}
    joins = {d for key in dsk if len(graph[key]) > 1 for d in graph[key]}
    return {key: fused[key] for key in dsk if key in ends | joins | set(keys)}
