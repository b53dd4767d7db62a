"""Fills the buffer record by record, and merges as a generator."""


def external_sort(records, folder, memory, reduce=None):
    runs, buffer = [], []

    def spill():
        ordered = combine(buffer, reduce) if reduce else sorted(buffer, key=lambda r: r[0])
        runs.append(write_run(folder / f"run{len(runs)}", ordered))
        buffer.clear()

    for record in records:
        buffer.append(record)
        if len(buffer) == memory:
            spill()
    if buffer:
        spill()
    yield from merge(runs)
