"""From the last key to the first: what a needed key refers to is needed."""


def cull(dsk, keys):
    needed, culled = set(keys), {}
    if not needed <= set(dsk):
        raise KeyError(f"unknown: {needed - set(dsk)}")
    for key in reversed(toposort(structure(dsk))):
        if key in needed:
            culled[key] = dsk[key]
            needed.update(references(dsk[key], dsk))
    return culled
