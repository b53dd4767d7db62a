"""The requested keys and their ancestors in the structure of the dsk."""


def cull(dsk, keys):
    graph = structure(dsk)
    needed = set(keys).union(*(ancestors(graph, key) for key in keys))
    return {key: dsk[key] for key in dsk if key in needed}
