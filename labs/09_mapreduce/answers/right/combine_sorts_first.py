"""Sorts all records; then equal keys are neighbours."""

from itertools import groupby


def combine(records, reduce):
    result = []
    ordered = sorted(records, key=lambda record: record[0])
    for key, group in groupby(ordered, key=lambda record: record[0]):
        result.extend(reduce(key, (value for _, value in group)))
    return result
