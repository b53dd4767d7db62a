"""Sorts everything in memory.

caught_by: test_external_sort_holds_little
hint: collect all records in a list
"""


def external_sort(records, folder, memory, reduce=None):
    if reduce:
        rest = list(records)
        parts = [rest[at : at + memory] for at in range(0, len(rest), memory)]
        rest = [record for part in parts for record in combine(part, reduce)]
        return iter(sorted(rest, key=lambda record: record[0]))
    return iter(sorted(records, key=lambda record: record[0]))
