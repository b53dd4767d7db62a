"""Reads the sorted runs one after the other, without merging.

caught_by: test_external_sort_sorts
hint: over all runs
"""

from itertools import chain, islice


def external_sort(records, folder, memory, reduce=None):
    rest, runs = iter(records), []
    while buffer := list(islice(rest, memory)):
        ordered = combine(buffer, reduce) if reduce else sorted(buffer, key=lambda r: r[0])
        runs.append(write_run(folder / str(len(runs)), ordered))
    return chain.from_iterable(map(read_run, runs))
