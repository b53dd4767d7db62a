"""Finds the last key of each chain, then builds the chain from its first."""

from collections import Counter


def fuse(dsk, keys):
    def put(expression, key, value):
        if isinstance(expression, tuple):
            return (expression[0], *[put(part, key, value) for part in expression[1:]])
        return value if isinstance(expression, str) and expression == key else expression

    found = {key: references(expression, dsk) for key, expression in dsk.items()}
    times = Counter(key for names in found.values() for key in names)
    below = {
        key: names[0]
        for key, names in found.items()
        if len(names) == 1 and times[names[0]] == 1 and names[0] not in keys
    }
    merged = set(below.values())
    fused = {}
    for last in dsk:
        if last in merged:
            continue
        chain = [last]
        while chain[-1] in below:
            chain.append(below[chain[-1]])
        expression = dsk[chain.pop()]
        while chain:
            key = chain.pop()
            expression = put(dsk[key], below[key], expression)
        fused[last] = expression
    return fused
