"""Probes: they run in the notebook's process, beside the function that they ask."""


def given(function, *args):
    """Probe: what the function gives, as a list, and whether it gives it one by one."""
    result = function(*args)
    return (list(result), iter(result) is result) if hasattr(result, "__iter__") else (None, False)


def given_once(function, key, values):
    """Probe: as a list, what the function gives for values that can be gone through once."""
    try:
        result = function(key, (value for value in values))
        return list(result) if hasattr(result, "__iter__") else None
    except TypeError as error:
        return str(error)


def combined(combine, records, kind):
    """Probe: what `combine` gives with one of three reduce functions, and the calls of that."""
    calls = []

    def reduce(key, values):
        seen = list(values)
        calls.append((key, seen))
        if kind == "add":
            return iter([(key, sum(seen))])
        return [] if kind == "none" else [(key, value) for value in seen]

    return combine((record for record in records), reduce), calls


def sorted_outside(external_sort, records, memory, add):
    """Probe: as a list, what `external_sort` gives, perhaps with a combiner that adds up."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    def total(key, values):
        yield key, sum(values)

    with TemporaryDirectory() as folder:
        found = external_sort(iter(records), Path(folder), memory, total if add else None)
        return list(found) if hasattr(found, "__iter__") else None
