"""Threads, which live and die with the notebook.

caught_by: test_run_tasks_uses_other_processes
hint: A thread is no process
"""

from concurrent.futures import ThreadPoolExecutor


def run_tasks(tasks, workers=2, attempts=4):
    with ThreadPoolExecutor(workers) as pool:
        for future in [pool.submit(task) for task in tasks.values()]:
            future.result()
    return dict.fromkeys(tasks, 1)
