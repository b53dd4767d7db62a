"""A plain dict of lists."""


def combine(records, reduce):
    held = {}
    for key, value in records:
        held.setdefault(key, []).append(value)
    result = []
    for key, values in sorted(held.items()):
        result += reduce(key, iter(values))
    return result
