"""Runs the whole round again if anybody has failed in it.

caught_by: test_run_tasks_reruns_what_was_killed_and_nothing_else
hint: must not run again
"""

import multiprocessing


def run_tasks(tasks, workers=2, attempts=4):
    fork = multiprocessing.get_context("fork")
    for attempt in range(1, attempts + 1):
        failed, names = [], list(tasks)
        for start in range(0, len(names), workers):
            some = {
                name: fork.Process(target=tasks[name]) for name in names[start : start + workers]
            }
            for process in some.values():
                process.start()
            for name, process in some.items():
                process.join()
                if process.exitcode:
                    failed.append(name)
        if not failed:
            return dict.fromkeys(tasks, attempt)
    raise RuntimeError(f"{failed} failed {attempts} times")
