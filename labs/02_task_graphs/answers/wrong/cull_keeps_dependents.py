"""Keeps whatever has to do with the requested keys, in both directions.

caught_by: test_cull_keeps_exactly_what_is_needed
hint: What depends on a requested key
"""


def cull(dsk, keys):
    graph = structure(dsk)
    needed = set(keys).union(*(ancestors(graph, key) for key in keys))
    affected = {key for key in dsk if needed & ancestors(graph, key) & set(keys)}
    more = affected.union(*(ancestors(graph, key) for key in affected))
    return {key: dsk[key] for key in [*keys, *dsk] if key in needed | more}
