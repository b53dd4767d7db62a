"""Playback: a submission's notebook, executed as far as the next test needs.

Before a task's tests run, every cell above its check cell has run once, in order; check cells
themselves never run. If a cell ends the kernel, the others are replayed without it in a fresh copy
of the work folder. Time is the task's own: what the reference took on this machine, with room to
spare. Each task may lose the kernel twice and time out twice; after that its tests are not run.
"""

import shutil
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.judge.budget import Budget
from autograder.judge.faults import CallTimeout, KernelDied, OutOfMemory
from autograder.judge.kernel import Kernel
from autograder.judge.run import Run
from autograder.notebook import grade_id
from autograder.sandbox.preload import libraries

SLACK = 20.0  # seconds, for a test's own work on a busy machine
LEAST = 0.5  # even after a cell that used up its task's time, the next may show that it is quick
LOSSES = 2
MAX_KEPT = 8 * 2**20  # characters of a submission's output, about
LOST = ("crashed", "timeout", "memory", "flood")  # how a cell ends that is not run again
ENDED = {
    "timeout": "did not end",
    "crashed": "ended the Python process",
    "memory": "used more memory than there is for a submission",
    "flood": "printed more than a notebook can hold",
}


def _owners(cells: Sequence[NotebookNode]) -> list[str]:
    """The task of each cell: that of the next check cell; cells after the last one are nobody's."""
    owners: list[str] = []
    owner = ""
    for cell in reversed(cells):
        if _is_check(cell):
            owner = grade_id(cell)
        owners.append(owner)
    return owners[::-1]


def _is_check(cell: NotebookNode) -> bool:
    marks: Any = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(marks.get("grade"))


class Playback:
    """The stage of the judge: one notebook, one kernel at a time, one work folder at a time."""

    def __init__(
        self,
        notebook: NotebookNode,
        bundle: Path,
        limits: Budget | None = None,
        sandbox: bool = False,
        keeps: bool = False,
    ) -> None:
        self.cells, self.bundle, self.limits = notebook.cells, bundle, limits or Budget()
        self.needs = notebook.metadata.get("outgrow", {}).get("needs", {})
        self.sandbox, self.keeps = sandbox, keeps
        self.owners = _owners(notebook.cells)
        self.runs: dict[int, Run] = {}
        self.seconds: dict[str, float] = {}
        self.lost: Counter[str] = Counter()
        self.late: Counter[str] = Counter()
        self.fatal: Counter[str] = Counter()
        self.room = MAX_KEPT
        self.secrets = False
        self.before: set[str] = set()
        self.tests_data: set[str] = set()
        self.position = 0
        self.test = ""
        self.task = ""
        self.kernel: Kernel | None = None
        self.started = time.monotonic()

    def __enter__(self) -> "Playback":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def begin(self, task: str, test: str, hidden: bool = False) -> None:
        """Be ready for a test: everything above the task's check cell has run. Raises what stops
        it.

        Once a hidden test has begun, the notebook may know its inputs; what later cells print is
        not shown.
        """
        self.task, self.test = task, test
        self._refuse_when_spent(task)
        self._advance(task)
        assert self.kernel is not None
        self.before = self._data()
        self.secrets = self.secrets or hidden
        self.kernel.serve()

    def patience(self) -> float:
        """Seconds for a whole test, the judge's own comparisons included."""
        return 3 * self.limits.test(self.test) + SLACK

    def ask(self, request: bytes, what: str) -> bytes:
        assert self.kernel is not None
        try:
            return self.kernel.ask(request, self.limits.test(self.test))
        except CallTimeout:
            self.late[self.task] += 1
            raise CallTimeout(
                f"{what} had not ended after {self.limits.test(self.test):.0f} s"
            ) from None
        except KernelDied as error:
            self.lost[self.task] += 1
            ended = "memory" if isinstance(error, OutOfMemory) else "crashed"
            raise type(error)(f"{what} {ENDED[ended]}") from None

    def finish(self) -> None:
        if self.kernel and self.kernel.alive():
            self.kernel.release()
        self.tests_data |= self._data() - self.before

    def bucket(self) -> Any:
        """The bucket of the kernel that runs. Raises LookupError where the lab asks for none."""
        bucket = self.kernel.launch.bucket if self.kernel else None
        if bucket is None:
            raise LookupError("the lab needs a bucket: write `needs: {bucket: {}}` in its header")
        return bucket

    def trouble(self, task: str) -> str:
        """The error of the task's own cell, which is what a student should read first."""
        runs = [r for i, r in self.runs.items() if grade_id(self.cells[i]) == f"task-{task}"]
        bad = next((run for run in runs if run.ended != "ok"), None)
        if bad is None:
            return ""
        return f"the cell of {task} {ENDED.get(bad.ended, 'raised ' + bad.error)}"

    def keep_data(self, bundle: Path) -> None:
        """Copy what the notebook's own cells (not the tests) have put into `data/` to a bundle."""
        for name in self._data() - self.tests_data:
            source, target = self.folder / "data" / name, bundle / "data" / name
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                target.parent.mkdir(exist_ok=True)
                shutil.copy2(source, target)

    @property
    def folder(self) -> Path:
        """The notebook's work folder, as long as a kernel has one."""
        return self.kernel.work if self.kernel else Path()

    def _data(self) -> set[str]:
        """What is in `data/`; looked at only for a notebook of our own."""
        folder = self.folder / "data"
        return {path.name for path in folder.glob("*")} if self.kernel and self.keeps else set()

    def outputs(self) -> None:
        """Put what the cells printed into the notebook."""
        for index, run in self.runs.items():
            self.cells[index].outputs = run.outputs

    def _left(self) -> float:
        """Seconds left for the whole submission; raises CallTimeout when there are none."""
        left = self.limits.total - (time.monotonic() - self.started)
        if left <= 0:
            raise CallTimeout(f"not run: the submission's {self.limits.total:.0f} s are over")
        return left

    def _refuse_when_spent(self, task: str) -> None:
        self._left()
        if self.late[task] >= LOSSES:
            raise CallTimeout(f"not run: {task} had timed out {LOSSES} times")
        if self.lost[task] >= LOSSES:
            raise KernelDied(f"not run: {task} had ended the kernel {LOSSES} times")

    def _advance(self, task: str) -> None:
        stop = next(i for i, cell in enumerate(self.cells) if grade_id(cell) == task)
        if self.kernel is None or not self.kernel.alive():
            self._restart()
        while self.position < stop:
            self._run(self.position)
            if not (self.kernel and self.kernel.alive()):
                self._restart()
            else:
                self.position += 1

    def _run(self, index: int) -> None:
        """Run a cell, unless it is none to run or has ended the kernel before."""
        before, owner = self.runs.get(index), self.owners[index]
        if not self._runnable(index) or (before and before.ended in LOST):
            return
        if before is None and self.fatal[owner] >= LOSSES:
            return
        assert self.kernel is not None
        task, start = self.owners[index], time.monotonic()
        spent = self.seconds.get(task, 0.0) if before is None else 0.0
        allowed = min(self._left(), max(LEAST, self.limits.cell(task) - spent))
        run = self.kernel.execute(self.cells[index].source, allowed, self.room)
        self.room = max(0, self.room - run.size) if before is None else self.room
        self.fatal[task] += run.ended in LOST
        if self.secrets:
            run.seal()
        if before is None or run.ended in LOST:
            self.runs[index] = run
        self.seconds[task] = spent + time.monotonic() - start

    def _runnable(self, index: int) -> bool:
        cell = self.cells[index]
        return cell.cell_type == "code" and not _is_check(cell)

    def _restart(self) -> None:
        self._stop()
        imported = libraries(cell.source for cell in self.cells)
        self.kernel = Kernel(self.bundle, self.needs, self.sandbox, imported).__enter__()
        self.position = 0

    def _stop(self) -> None:
        if self.kernel:
            self.kernel.kill()
            self.kernel = None
