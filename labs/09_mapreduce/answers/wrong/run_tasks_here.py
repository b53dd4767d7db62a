"""Calls the tasks in its own process.

caught_by: test_run_tasks_uses_other_processes
hint: in a process of its own
"""


def run_tasks(tasks, workers=2, attempts=4):
    for task in tasks.values():
        task()
    return dict.fromkeys(tasks, 1)
