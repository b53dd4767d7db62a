"""Merges whole chains, whatever somebody asked for.

caught_by: test_fuse_keeps_what_was_asked_for
hint: `b` was asked for
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
        expression, found = dsk[key], references(dsk[key], dsk)
        if len(found) == 1 and times[found[0]] == 1:
            expression = put(expression, found[0], fused.pop(found[0]))
        fused[key] = expression
    return fused
