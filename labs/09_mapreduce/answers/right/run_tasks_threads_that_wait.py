"""A thread a worker, each of which forks, waits, and forks again."""

import multiprocessing
from queue import Empty, SimpleQueue
from threading import Lock, Thread


def run_tasks(tasks, workers=2, attempts=4):
    fork = multiprocessing.get_context("fork")
    queue, taken, failed, lock = SimpleQueue(), dict.fromkeys(tasks, 0), [], Lock()
    for name in tasks:
        queue.put(name)

    def work():
        while not failed:
            try:
                name = queue.get_nowait()
            except Empty:
                return
            while not failed and run(name):
                pass

    def run(name):
        with lock:
            process = fork.Process(target=tasks[name])
            process.start()
        process.join()
        taken[name] += 1
        if process.exitcode and taken[name] == attempts:
            failed.append(name)
        return process.exitcode != 0

    threads = [Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"task {failed[0]} failed {attempts} times")
    return taken
