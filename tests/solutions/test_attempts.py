"""Tasks in processes: how many, how often, and none left behind."""

import multiprocessing
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from solutions.attempts import run_tasks


def mark(folder: Path, name: str) -> None:
    (folder / f"{name}.{os.getpid()}").touch()


def marks(folder: Path) -> list[str]:
    return sorted(path.name.split(".")[0] for path in folder.iterdir())


def killed_once(folder: Path, name: str) -> None:
    mark(folder, name)
    if marks(folder).count(name) == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def meet(folder: Path, name: str, others: int) -> None:
    """Wait until `others` tasks are under way at the same time."""
    mark(folder, name)
    while len(marks(folder)) < others:
        pass


def test_each_task_runs_once_in_a_process_of_its_own(tmp_path: Path):
    names = [f"t{number}" for number in range(7)]
    assert run_tasks({n: partial(mark, tmp_path, n) for n in names}) == dict.fromkeys(names, 1)
    assert marks(tmp_path) == names
    assert len({path.suffix for path in tmp_path.iterdir()} - {f".{os.getpid()}"}) == 7


def test_a_killed_task_and_no_other_is_run_again(tmp_path: Path):
    tasks = {n: partial(mark, tmp_path, n) for n in ("a", "c")}
    taken = run_tasks({"b": partial(killed_once, tmp_path, "b"), **tasks}, workers=1)
    assert list(taken.items()) == [("b", 2), ("a", 1), ("c", 1)]
    assert marks(tmp_path) == ["a", "b", "b", "c"]


def test_workers_run_side_by_side(tmp_path: Path):
    run_tasks({n: partial(meet, tmp_path, n, 3) for n in "abc"}, workers=3)


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_task_that_raises_is_given_up_and_named(
    tmp_path: Path, attempts: int, capfd: pytest.CaptureFixture[str]
):
    def broken() -> None:
        mark(tmp_path, "broken")
        raise ZeroDivisionError("poison")

    with pytest.raises(RuntimeError, match=f"'broken' failed {attempts} times"):
        run_tasks({"broken": broken}, attempts=attempts)
    assert marks(tmp_path) == ["broken"] * attempts
    assert "ZeroDivisionError: poison" in capfd.readouterr().err


def test_nothing_runs_on_after_a_job_has_failed():
    with pytest.raises(RuntimeError, match="'bad' failed 4 times"):
        run_tasks({"endless": signal.pause, "bad": partial(os._exit, 1)})
    assert multiprocessing.active_children() == []


def test_no_tasks():
    assert run_tasks({}) == {}
