"""Without the given helper: a recursive search through each expression."""


def cull(dsk, keys):
    def search(expression):
        if isinstance(expression, tuple):
            for argument in expression[1:]:
                yield from search(argument)
        elif isinstance(expression, str) and expression in dsk:
            yield expression

    kept = {key: dsk[key] for key in keys}
    queue = list(kept)
    for key in queue:
        for found in search(dsk[key]):
            if found not in kept:
                kept[found] = dsk[found]
                queue.append(found)
    return kept
