"""Remembers results, and finds its way by recursion.

caught_by: test_get_survives_a_long_chain
hint: Python ends a recursion
"""

from collections import Counter


def get(dsk, keys, **options):
    tasks, results = tasks_of(dsk), {}

    def flat(part):
        return [key for each in part for key in flat(each)] if isinstance(part, list) else [part]

    def shaped(part):
        return [shaped(each) for each in part] if isinstance(part, list) else results[part]

    needs = {key: task.dependencies for key, task in tasks.items()}
    wanted, order = flat(keys), {}

    def visit(key):
        if key not in order:
            for needed in needs[key]:
                visit(needed)
            order[key] = None

    for key in wanted:
        visit(key)
    uses = Counter(d for key in order for d in needs[key])
    for key in order:
        results[key] = tasks[key]({d: results[d] for d in needs[key]})
        for needed in needs[key]:
            uses[needed] -= 1
            if not uses[needed] and needed not in wanted:
                del results[needed]
    return shaped(keys)
