"""Returns one flat list of results, whatever the shape of the keys.

caught_by: test_get_answers_in_the_shape_of_the_keys
hint: The answer has the shape
"""

from collections import Counter


def get(dsk, keys, **options):
    tasks, results = tasks_of(dsk), {}

    def flat(part):
        return [key for each in part for key in flat(each)] if isinstance(part, list) else [part]

    def shaped(part):
        return [shaped(each) for each in part] if isinstance(part, list) else results[part]

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
    return [results[key] for key in wanted]
