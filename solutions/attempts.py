"""Tasks in processes of their own, and what to do about a process that dies.

A task is a function without arguments that leaves its result in files. It must be safe to run
again: an attempt may have died at any point, and its files lie about. So a task writes to places
that are its own, and writes all of them anew.

Processes are forked. A child begins as a copy of this process, so a task may be any function, also
a closure or one defined in a notebook. (Windows cannot fork: use WSL there.)
"""

import multiprocessing
import warnings
from collections import Counter, deque
from collections.abc import Callable, Mapping
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess


def run_tasks(
    tasks: Mapping[str, Callable[[], object]], workers: int = 2, attempts: int = 4
) -> dict[str, int]:
    """Run each task in a process of its own; run it again if its process fails.

    `tasks` maps names to functions without arguments; what they return is not used. At most
    `workers` processes run at a time. A process fails if it ends with an exit code other than 0,
    because somebody killed it or because the task raised. Its task, and no other, is then run again
    in a new process. Tasks that have succeeded are never run again.

    Returns how many attempts each task took, in the order of `tasks`. No tasks give an empty dict.

    Raises RuntimeError, which names the task, if one has failed `attempts` times. No process that
    this function started is running when it returns or raises.

    >>> run_tasks({"left": lambda: None, "right": lambda: None})
    {'left': 1, 'right': 1}
    """
    taken = Counter(dict.fromkeys(tasks, 0))
    waiting, running = deque(tasks), {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                process = _start(tasks[waiting[0]])
                running[process.sentinel] = process, waiting.popleft()
            for sentinel in wait(list(running)):
                process, name = running.pop(sentinel)
                process.join()
                taken[name] += 1
                if process.exitcode and taken[name] == attempts:
                    end = f"exit code {process.exitcode}"
                    raise RuntimeError(f"task {name!r} failed {attempts} times, last with {end}")
                if process.exitcode:
                    waiting.append(name)
    finally:
        for process, _ in running.values():
            process.kill()
            process.join()
    return dict(taken)


def _start(task: Callable[[], object]) -> BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=task, daemon=True)
    with warnings.catch_warnings():  # about threads of this process, whose locks no task takes
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    return process
