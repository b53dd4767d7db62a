"""Runs all that is in the graph, and then looks up what was asked for.

caught_by: test_get_runs_each_task_once
hint: Nobody asked for
"""


def get(dsk, keys, **options):
    tasks, results = tasks_of(dsk), {}

    def flat(part):
        return [key for each in part for key in flat(each)] if isinstance(part, list) else [part]

    def shaped(part):
        return [shaped(each) for each in part] if isinstance(part, list) else results[part]

    needs = {key: task.dependencies for key, task in tasks.items()}
    wanted, left = flat(keys), {}
    for key in needs:
        for needed in needs[key]:
            left[needed] = left.get(needed, 0) + 1
    for key in depth_first(needs, list(needs)):
        results[key] = tasks[key]({d: results[d] for d in needs[key]})
        for needed in needs[key]:
            left[needed] -= 1
            if not left[needed] and needed not in wanted:
                del results[needed]
    return shaped(keys)
