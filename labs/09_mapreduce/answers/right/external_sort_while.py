"""Buffers as lists, until one is empty."""

from itertools import islice
from operator import itemgetter


def external_sort(records, folder, memory, reduce=None):
    rest, runs = iter(records), []
    while buffer := list(islice(rest, memory)):
        if reduce:
            buffer = combine(buffer, reduce)
        else:
            buffer.sort(key=itemgetter(0))
        runs.append(write_run(folder / str(len(runs)), buffer))
    return merge(runs)
