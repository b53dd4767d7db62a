"""Merges runs that nobody has sorted.

caught_by: test_external_sort_of_any_records
hint: Each run must be sorted
"""

from itertools import islice


def external_sort(records, folder, memory, reduce=None):
    rest, runs = iter(records), []
    while buffer := list(islice(rest, memory)):
        ordered = combine(buffer, reduce) if reduce else buffer
        runs.append(write_run(folder / str(len(runs)), ordered))
    return merge(runs)
