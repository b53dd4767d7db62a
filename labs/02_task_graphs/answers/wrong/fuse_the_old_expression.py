"""Puts in the expression as it was, without what was merged into that one.

caught_by: test_fuse_merges_a_chain
hint: with what was merged into it
"""

from collections import Counter


def fuse(dsk, keys):
    def put(expression, key, value):
        if isinstance(expression, tuple):
            return (expression[0], *[put(part, key, value) for part in expression[1:]])
        return value if isinstance(expression, str) and expression == key else expression

    times = Counter(name for part in dsk.values() for name in references(part, dsk))
    fused, gone = {}, set()
    for key, expression in dsk.items():
        found = references(expression, dsk)
        fused[key] = expression
        if len(found) == 1 and times[found[0]] == 1 and found[0] not in keys:
            fused[key] = put(expression, found[0], dsk[found[0]])
            gone.add(found[0])
    return {key: fused[key] for key in fused if key not in gone}
