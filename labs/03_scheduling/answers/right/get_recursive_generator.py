"""Walks with its own stack, and looks at what is finished as it goes."""

from collections import Counter


def get(dsk, keys, **options):
    tasks = tasks_of(dsk)

    def flat(part):
        return [key for each in part for key in flat(each)] if isinstance(part, list) else [part]

    wanted = flat(keys)
    seen, stack = set(), list(wanted)
    readers = Counter(wanted)
    while stack:
        key = stack.pop()
        if key not in seen:
            seen.add(key)
            readers.update(tasks[key].dependencies)
            stack.extend(tasks[key].dependencies)
    done, results, stack = set(), {}, list(wanted)
    while stack:
        key = stack[-1]
        todo = [needed for needed in tasks[key].dependencies if needed not in done]
        if key in done:
            stack.pop()
        elif todo:
            stack.append(todo[0])
        else:
            stack.pop()
            done.add(key)
            results[key] = tasks[key]({d: results[d] for d in tasks[key].dependencies})
            for needed in tasks[key].dependencies:
                readers[needed] -= 1
                if readers[needed] == 0:
                    results.pop(needed)

    def shaped(part):
        return [shaped(each) for each in part] if isinstance(part, list) else results[part]

    return shaped(keys)
