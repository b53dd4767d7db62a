"""The hidden tests of lab 09's `run_tasks`: processes that die."""

from autograder.testing import hint, points


def drilled(run_tasks, names, victims, workers, attempts):
    """Probe: run tasks, some of which die in their first attempts; report what happened.

    victims: how often each of them dies; after ten deaths a task lives.
    """
    import multiprocessing
    import os
    import signal
    from functools import partial
    from pathlib import Path
    from tempfile import TemporaryDirectory

    parent = os.getpid()
    with TemporaryDirectory() as folder:

        def task(name):
            mark = Path(folder, f"{name}.{os.getpid()}.{len([*Path(folder).iterdir()])}")
            mark.touch()
            died = len(list(Path(folder).glob(f"{name}.*"))) - 1
            if died < min(victims.get(name, 0), 10) and os.getpid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            returned = run_tasks({name: partial(task, name) for name in names}, workers, attempts)
        except RuntimeError as error:
            returned = f"RuntimeError: {error}"
        left = len(multiprocessing.active_children())
        runs = sorted(mark.name.split(".")[0] for mark in Path(folder).iterdir())
    return returned, {name: runs.count(name) for name in names}, left


@points(3)
def test_run_tasks_reruns_what_was_killed_and_nothing_else(student, rng):
    """A killed process's task is run again, all others once."""
    names = [f"t{int(n)}" for n in rng.permutation(50)[:6]]
    victims = {names[0]: 1, names[int(rng.integers(1, 6))]: 2}
    returned, runs, _ = student.run(drilled, student.ref("run_tasks"), names, victims, 2, 4)
    expected = {name: 1 + victims.get(name, 0) for name in names}
    assert [name for name in names if runs[name] < expected[name]] == [], hint(
        "These tasks were killed and not run again. Look at the exit code of each process that "
        "ends."
    )
    assert runs == expected, hint("Tasks whose process ended well must not run again.")
    assert returned == expected, hint("Return how many attempts each task took, failed ones too.")


@points(2)
def test_run_tasks_gives_up(student, rng):
    """A task that fails every time ends the job, by name, after so many attempts."""
    names = [f"t{int(n)}" for n in rng.permutation(50)[:3]]
    victim, attempts = names[1], int(rng.integers(2, 5))
    returned, runs, left = student.run(
        drilled, student.ref("run_tasks"), names, {victim: 99}, 2, attempts
    )
    assert str(returned).startswith("RuntimeError"), hint(
        "A task that fails in every attempt fails for ever: raise RuntimeError after the last one."
    )
    assert runs[victim] == attempts, hint("`attempts` is how often a task is tried in all.")
    assert victim in str(returned), hint("Name the task in the message.")
    assert left == 0, hint("Processes of yours were still running. End them before you raise.")


def overlaps(run_tasks, workers):
    """Probe: the most tasks that were under way at the same moment, of one more than workers.

    A task stays until all are there, or until its patience ends.
    """
    import time
    from functools import partial
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        running, seen = Path(folder, "running"), Path(folder, "seen")
        running.mkdir()
        seen.mkdir()

        def task(name):
            (running / name).touch()
            ends, now = time.monotonic() + 0.4, 0
            while time.monotonic() < ends and now <= workers:
                now = len([*running.iterdir()])
                (seen / str(now)).touch()
            (running / name).unlink()

        run_tasks({f"t{n}": partial(task, f"t{n}") for n in range(workers + 1)}, workers)
        return max(int(mark.name) for mark in seen.iterdir())


@points(2)
def test_run_tasks_keeps_its_workers_busy(student, rng):
    """As many tasks run side by side as there are workers, never more."""
    workers = int(rng.integers(2, 4))
    most = student.run(overlaps, student.ref("run_tasks"), workers)
    assert most >= workers, hint(
        "Fewer tasks ran side by side than there are workers. Start the next before you wait for "
        "the last."
    )
    assert most <= workers, hint("More tasks ran at the same time than there are workers.")
