"""Judging one notebook from start to end: play it back, run its tests, report."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.judge.budget import Budget
from autograder.judge.playback import Playback
from autograder.judge.session import judge
from autograder.judge.verdict import Planned, Report, Verdict

NOT_RUN = "not run: the submission could not be read"


@dataclass(frozen=True)
class Exam:
    """What a submission is judged by: the tests, the tasks in order, the bundle, the time allowed,
    and whether it is shut in."""

    tests: tuple[Path, ...]
    tasks: tuple[str, ...]
    bundle: Path
    limits: Budget
    sandbox: bool = True


def judge_notebook(
    notebook: NotebookNode,
    exam: Exam,
    seed: Callable[[str], int],
    watch: Callable[[Verdict], object] = id,
) -> Report:
    """Judge a notebook whose locked cells are the release's; its cells' outputs are filled in."""
    started = time.monotonic()
    with Playback(notebook, exam.bundle, exam.limits, exam.sandbox) as stage:
        verdicts = judge(exam.tests, exam.tasks, stage, seed, watch)
        stage.outputs()
    return Report(verdicts, seconds=round(time.monotonic() - started, 3))


def refuse(planned: Sequence[Planned]) -> Report:
    """The report of a submission that could not be read: nothing was run, nothing is earned."""
    verdicts = (Verdict(**vars(p), outcome="error", message=NOT_RUN) for p in planned)
    return Report(tuple(verdicts))
