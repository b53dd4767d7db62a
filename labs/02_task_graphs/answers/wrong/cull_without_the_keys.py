"""Keeps the ancestors, and `ancestors` leaves the key itself out.

caught_by: test_cull_keeps_what_y_needs
hint: Start from the requested keys
"""


def cull(dsk, keys):
    graph = structure(dsk)
    needed = set().union(*(ancestors(graph, key) for key in keys))
    return {key: dsk[key] for key in needed}
