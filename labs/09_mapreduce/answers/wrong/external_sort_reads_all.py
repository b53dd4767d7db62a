"""Spills as it should, and then reads everything back into a list.

caught_by: test_external_sort_holds_little
hint: when they are read
"""

from itertools import islice


def external_sort(records, folder, memory, reduce=None):
    rest, runs = iter(records), []
    while buffer := list(islice(rest, memory)):
        ordered = combine(buffer, reduce) if reduce else sorted(buffer, key=lambda r: r[0])
        runs.append(write_run(folder / str(len(runs)), ordered))
    return sorted((r for run in runs for r in read_run(run)), key=lambda r: r[0])
