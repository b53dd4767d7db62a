"""Cuts a list of all records into buffers: the list is there all the same.

caught_by: test_external_sort_holds_little
hint: before the runs are written
"""


def external_sort(records, folder, memory, reduce=None):
    everything, runs = list(records), []
    for start in range(0, len(everything), memory):
        buffer = everything[start : start + memory]
        ordered = combine(buffer, reduce) if reduce else sorted(buffer, key=lambda r: r[0])
        runs.append(write_run(folder / f"run{start}", ordered))
    return merge(runs)
