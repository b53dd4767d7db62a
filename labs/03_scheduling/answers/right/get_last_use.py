"""Notes the last reader of each result beforehand, and drops it there."""


def get(dsk, keys, **options):
    tasks = tasks_of(dsk)

    def leaves(part):
        if not isinstance(part, list):
            return {part}
        return set().union(*(leaves(each) for each in part))

    wanted = leaves(keys)
    order = depth_first({key: task.dependencies for key, task in tasks.items()}, list(wanted))
    last = {needed: key for key in order for needed in tasks[key].dependencies}
    drop = {}
    for needed, key in last.items():
        if needed not in wanted:
            drop.setdefault(key, []).append(needed)
    held = {}
    for key in order:
        held[key] = tasks[key]({d: held[d] for d in tasks[key].dependencies})
        for needed in drop.get(key, ()):
            del held[needed]

    def answer(part):
        return list(map(answer, part)) if isinstance(part, list) else held[part]

    return answer(keys)
