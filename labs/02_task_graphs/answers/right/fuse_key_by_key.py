"""Merges one key after the other into its only user, first keys of chains first."""


def fuse(dsk, keys):
    def put(expression, key, value):
        if isinstance(expression, tuple):
            return (expression[0], *[put(part, key, value) for part in expression[1:]])
        return value if isinstance(expression, str) and expression == key else expression

    users = {key: [] for key in dsk}
    for user, expression in dsk.items():
        for key in references(expression, dsk):
            users[key].append(user)
    left = dict(dsk)
    for key in toposort(structure(dsk)):
        if key not in keys and len(users[key]) == 1:
            (user,) = users[key]
            if len(references(dsk[user], dsk)) == 1:
                left[user] = put(left[user], key, left.pop(key))
    return left
