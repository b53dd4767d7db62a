"""Deletes from the caller's dict what is not needed.

caught_by: test_cull_leaves_the_dsk_alone
hint: The caller may want
"""


def cull(dsk, keys):
    graph = structure(dsk)
    needed = set(keys).union(*(ancestors(graph, key) for key in keys))
    for key in list(dsk):
        if key not in needed:
            del dsk[key]
    return dsk
