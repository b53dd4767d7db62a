"""Merges whatever is needed once, so the arms of a join end up in one task.

caught_by: test_fuse_leaves_joins_alone
hint: Merged into one task
"""

from collections import Counter


def fuse(dsk, keys):
    def put(expression, key, value):
        if isinstance(expression, tuple):
            return (expression[0], *[put(part, key, value) for part in expression[1:]])
        return value if isinstance(expression, str) and expression == key else expression

    times = Counter(name for part in dsk.values() for name in references(part, dsk))
    fused = {}
    for key in toposort(structure(dsk)):
        expression = dsk[key]
        for name in references(dsk[key], dsk):
            if times[name] == 1 and name not in keys:
                expression = put(expression, name, fused.pop(name))
        fused[key] = expression
    return fused
