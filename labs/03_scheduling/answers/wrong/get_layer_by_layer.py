"""Runs whatever is ready, layer by layer, so that all leaves are held at once.

caught_by: test_get_holds_few_results_of_a_tree
hint: Finish one branch
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
    todo = dict.fromkeys(depth_first(needs, wanted))
    uses = Counter(d for key in todo for d in needs[key])
    done = set()
    while todo:
        for key in [key for key in todo if needs[key] <= done]:
            del todo[key]
            done.add(key)
            results[key] = tasks[key]({d: results[d] for d in needs[key]})
            for needed in needs[key]:
                uses[needed] -= 1
                if not uses[needed] and needed not in wanted:
                    del results[needed]
    return shaped(keys)
