"""Merges two by two and stops: half of a long chain is still there.

caught_by: test_fuse_merges_every_chain_whole
hint: A chain is left in pieces
"""

from collections import Counter


def fuse(dsk, keys):
    def put(expression, key, value):
        if isinstance(expression, tuple):
            return (expression[0], *[put(part, key, value) for part in expression[1:]])
        return value if isinstance(expression, str) and expression == key else expression

    times = Counter(name for part in dsk.values() for name in references(part, dsk))
    fused, grown = {}, set()
    for key in toposort(structure(dsk)):
        expression, found = dsk[key], references(dsk[key], dsk)
        if len(found) == 1 and times[found[0]] == 1 and found[0] not in [*keys, *grown]:
            expression = put(expression, found[0], fused.pop(found[0]))
            grown.add(key)
        fused[key] = expression
    return fused
