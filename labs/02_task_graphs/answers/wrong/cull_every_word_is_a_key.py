"""Takes every string argument for a key, also a mere word.

caught_by: test_cull_keeps_exactly_what_is_needed
hint: A word that is no key
"""


def cull(dsk, keys):
    kept, frontier = {}, list(keys)
    while frontier:
        part = frontier.pop()
        if isinstance(part, tuple):
            frontier.extend(part[1:])
        elif isinstance(part, str) and part not in kept:
            kept[part] = dsk[part]
            frontier.append(dsk[part])
    return kept
