"""Drops data: "a literal is no task, so there is nothing to keep".

caught_by: test_cull_keeps_what_y_needs
hint: Data such as `x`
"""


def cull(dsk, keys):
    kept, frontier = {}, list(keys)
    while frontier:
        key = frontier.pop()
        if key not in kept and isinstance(dsk[key], tuple):
            kept[key] = dsk[key]
            frontier.extend(references(dsk[key], dsk))
    return kept
