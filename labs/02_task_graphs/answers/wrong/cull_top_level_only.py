"""Looks at the arguments of a task, and not into tasks among them.

caught_by: test_cull_looks_inside_nested_tasks
hint: Arguments may be tasks themselves
"""


def cull(dsk, keys):
    kept, frontier = {}, list(keys)
    while frontier:
        key = frontier.pop()
        if key not in kept:
            kept[key] = dsk[key]
            arguments = dsk[key][1:] if isinstance(dsk[key], tuple) else ()
            frontier.extend(a for a in arguments if isinstance(a, str) and a in dsk)
    return kept
