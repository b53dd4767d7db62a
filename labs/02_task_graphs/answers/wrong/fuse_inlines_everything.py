"""Puts every expression in wherever it is referred to: one huge task for each requested key.

caught_by: test_fuse_does_no_work_twice
hint: it is computed twice
"""


def fuse(dsk, keys):
    def put(expression):
        if isinstance(expression, tuple):
            return (expression[0], *[put(part) for part in expression[1:]])
        if isinstance(expression, str) and expression in whole:
            return whole[expression]
        return expression

    whole = {}
    needed_by = dependents(structure(dsk))
    for key in toposort(structure(dsk)):
        whole[key] = put(dsk[key])
    return {key: whole[key] for key in dsk if key in keys or not needed_by[key]}
