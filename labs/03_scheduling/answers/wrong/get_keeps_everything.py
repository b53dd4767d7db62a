"""Keeps every result until the end, as a notebook does.

caught_by: test_get_drops_results_in_time
hint: still takes memory
"""


def get(dsk, keys, **options):
    tasks, results = tasks_of(dsk), {}

    def flat(part):
        return [key for each in part for key in flat(each)] if isinstance(part, list) else [part]

    def shaped(part):
        return [shaped(each) for each in part] if isinstance(part, list) else results[part]

    needs = {key: task.dependencies for key, task in tasks.items()}
    for key in depth_first(needs, flat(keys)):
        results[key] = tasks[key]({d: results[d] for d in needs[key]})
    return shaped(keys)
