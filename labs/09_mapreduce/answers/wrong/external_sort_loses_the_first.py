"""Looks at a record to see whether there is one, and forgets it.

caught_by: test_external_sort_of_any_records
hint: the first record of each buffer
"""

from itertools import islice


def external_sort(records, folder, memory, reduce=None):
    rest, runs = iter(records), []
    for _ in rest:
        buffer = list(islice(rest, memory))
        ordered = combine(buffer, reduce) if reduce else sorted(buffer, key=lambda r: r[0])
        runs.append(write_run(folder / str(len(runs)), ordered))
    return merge(runs)
