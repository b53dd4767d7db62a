"""Searches the whole tuple, with the name of the operation.

caught_by: test_cull_takes_no_operation_for_a_key
hint: names what to do
"""


def cull(dsk, keys):
    kept, frontier = {}, list(keys)
    while frontier:
        part = frontier.pop()
        if isinstance(part, tuple):
            frontier.extend(part)
        elif isinstance(part, str) and part in dsk and part not in kept:
            kept[part] = dsk[part]
            frontier.append(dsk[part])
    return kept
