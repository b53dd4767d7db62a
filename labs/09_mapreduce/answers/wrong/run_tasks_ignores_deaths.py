"""Waits for each process and does not ask how it ended.

caught_by: test_run_tasks_reruns_what_was_killed_and_nothing_else
hint: Look at the exit code
"""

import multiprocessing
from multiprocessing.connection import wait


def run_tasks(tasks, workers=2, attempts=4):
    fork = multiprocessing.get_context("fork")
    waiting, running = list(tasks), {}
    while waiting or running:
        while waiting and len(running) < workers:
            process = fork.Process(target=tasks[waiting.pop(0)])
            process.start()
            running[process.sentinel] = process
        for sentinel in wait(list(running)):
            running.pop(sentinel).join()
    return dict.fromkeys(tasks, 1)
