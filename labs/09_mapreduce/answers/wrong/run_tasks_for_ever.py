"""Never gives a task up.

caught_by: test_run_tasks_gives_up
hint: fails for ever
"""

import multiprocessing
from multiprocessing.connection import wait


def run_tasks(tasks, workers=2, attempts=4):
    fork = multiprocessing.get_context("fork")
    waiting, running, taken = list(tasks), {}, dict.fromkeys(tasks, 0)
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                name = waiting.pop(0)
                process = fork.Process(target=tasks[name])
                process.start()
                taken[name] += 1
                running[process.sentinel] = (process, name)
            for sentinel in wait(list(running)):
                process, name = running.pop(sentinel)
                process.join()
                if process.exitcode != 0:
                    waiting.append(name)
        return taken
    finally:
        for process, _ in running.values():
            process.kill()
            process.join()
