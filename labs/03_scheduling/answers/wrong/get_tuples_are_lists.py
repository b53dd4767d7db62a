"""Takes a tuple of a collection's key for a list of keys.

caught_by: test_get_answers_any_nest_of_keys
hint: A tuple is one key
"""

from collections import Counter


def get(dsk, keys, **options):
    tasks, results = tasks_of(dsk), {}

    def flat(part):
        nested = isinstance(part, (list, tuple))
        return [key for each in part for key in flat(each)] if nested else [part]

    def shaped(part):
        nested = isinstance(part, (list, tuple))
        return [shaped(each) for each in part] if nested else results[part]

    needs = {key: task.dependencies for key, task in tasks.items()}
    wanted = flat(keys)
    order = depth_first(needs, wanted)
    uses = Counter(d for key in order for d in needs[key])
    for key in order:
        results[key] = tasks[key]({d: results[d] for d in needs[key]})
        for needed in needs[key]:
            uses[needed] -= 1
            if not uses[needed] and needed not in wanted:
                del results[needed]
    return shaped(keys)
