"""All runs have one name, and overwrite each other.

caught_by: test_external_sort_of_any_records
hint: the names of the runs
"""

from itertools import islice


def external_sort(records, folder, memory, reduce=None):
    rest, runs = iter(records), []
    while buffer := list(islice(rest, memory)):
        ordered = combine(buffer, reduce) if reduce else sorted(buffer, key=lambda r: r[0])
        runs.append(write_run(folder / "run", ordered))
    return merge(runs)
