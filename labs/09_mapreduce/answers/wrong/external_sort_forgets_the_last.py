"""Writes a run when the buffer is full, and never the rest.

caught_by: test_external_sort_of_any_records
hint: the last buffer
"""


def external_sort(records, folder, memory, reduce=None):
    runs, buffer = [], []
    for record in records:
        buffer.append(record)
        if len(buffer) == memory:
            ordered = combine(buffer, reduce) if reduce else sorted(buffer, key=lambda r: r[0])
            runs.append(write_run(folder / str(len(runs)), ordered))
            buffer = []
    return merge(runs)
