"""Starts the next process when the last one has ended.

caught_by: test_run_tasks_keeps_its_workers_busy
hint: Fewer tasks ran side by side
"""

import multiprocessing


def run_tasks(tasks, workers=2, attempts=4):
    fork, taken = multiprocessing.get_context("fork"), {}
    for name, task in tasks.items():
        for attempt in range(1, attempts + 1):
            process = fork.Process(target=task)
            process.start()
            process.join()
            if process.exitcode == 0:
                taken[name] = attempt
                break
        else:
            raise RuntimeError(f"{name} failed {attempts} times")
    return taken
