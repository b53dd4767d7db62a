"""Judging one submission, wherever that happens: in a lane here, or on another host.

Nothing is written but what comes back, as data: the notebook with its verdicts, the report, and
how long each phase took. Only whoever asked writes marks.
"""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from autograder import table
from autograder.course import outputs
from autograder.course.exam import exam_of, planned_of, same_points
from autograder.course.fingerprint import fingerprint
from autograder.course.folder import Course
from autograder.intake import same_files, take_in
from autograder.judge.seeds import seeds
from autograder.judge.submission import judge_notebook, refuse
from autograder.judge.verdict import Report, read_report, score
from autograder.notebook import grade_id

PHASES: tuple[str, ...] = ("intake", "judging", "writing")
UNSAFE = "graded without the sandbox (--unsafe)"


@dataclass(frozen=True)
class Judged:
    """A judged submission: the notebook as it will lie in `autograded/`, the report in it, the
    scores of its graded cells (None: there is no mark yet), the cells that were left as released,
    what all this was made from (`fingerprint`), where, and the seconds that each phase took."""

    lab: str
    student: str
    notebook: str
    report: Report
    scores: Mapping[str, float | None]
    unanswered: frozenset[str]
    fingerprint: str
    host: str
    phases: Mapping[str, float]


def judge_one(course: Course, lab: str, student: str, sandbox: bool = True) -> Judged:
    """Judge what `student` handed in for `lab`, and write nothing."""
    clock = [time.monotonic()]
    nb = submission(course, lab, student, sandbox)
    clock.append(time.monotonic())
    judge_submission(course, lab, student, nb, sandbox)
    clock.append(time.monotonic())
    ours = nb.metadata.outgrow
    report, left = read_report(ours.report), frozenset(ours.pop("unanswered"))
    found = scores(nb, report, left)
    text = v4.writes(nb)
    clock.append(time.monotonic())
    phases = dict(zip(PHASES, (b - a for a, b in pairwise(clock)), strict=True))
    host = socket.gethostname()
    return Judged(lab, student, text, report, found, left, ours.fingerprint, host, phases)


def scores(nb: NotebookNode, report: Report, unanswered: frozenset[str]) -> dict[str, float | None]:
    """The score of each graded cell. A written answer has none yet, unless it was not given; nor
    has a task of which a test could not be judged."""
    found: dict[str, float | None] = {}
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            name = grade_id(cell)
            verdicts = report.of(name)
            judged = verdicts and all(v.outcome != "infrastructure" for v in verdicts)
            found[name] = score(verdicts) if judged else 0.0 if name in unanswered else None
    return found


def submission(course: Course, lab: str, student: str, sandbox: bool = True) -> NotebookNode:
    """A student's notebook as it will be judged, with what intake noted in its metadata.

    Its fingerprint is taken first: should the file change meanwhile, it is judged again next time.
    """
    made_from = fingerprint(course, lab, student, sandbox)
    submitted = course.notebook("submitted", lab, student)
    released = course.notebook("release", lab)
    release = _read(released, released.stat().st_mtime_ns)
    taken = take_in(submitted, release)
    ours = taken.notebook.metadata.outgrow
    renamed = [f"the file was called {n}, not {submitted.name}" for n in same_files(submitted)]
    ours["notes"], ours["problem"] = [*renamed, *taken.notes], taken.problem
    ours["fingerprint"], ours["unanswered"] = made_from, _unanswered(taken.notebook, release)
    return taken.notebook


@cache
def _read(path: Path, changed: int) -> NotebookNode:  # noqa: ARG001
    return nbformat.read(path, as_version=4)


def _unanswered(notebook: NotebookNode, release: NotebookNode) -> list[str]:
    """The cells to be answered that are as they were released."""
    stubs = {grade_id(cell): cell.source for cell in release.cells if _asks(cell)}
    return [grade_id(c) for c in notebook.cells if _asks(c) and stubs[grade_id(c)] == c.source]


def _asks(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def judge_submission(
    course: Course, lab: str, student: str, nb: NotebookNode, sandbox: bool = True
) -> NotebookNode:
    """The notebook that intake has made, with outputs, verdicts and report in it.

    Without the `sandbox` the submission may do what we may, and the report says so.
    """
    ours = nb.metadata.outgrow
    same_points(course, lab, nb)
    if ours.get("problem"):
        report = refuse(planned_of(course, lab))
    else:
        seed = seeds(course.secret, course.id, lab, student)
        report = judge_notebook(nb, exam_of(course, lab, sandbox), seed)
    notes = (*ours.get("notes", ()), *(() if sandbox else (UNSAFE,)))
    report = replace(report, notes=notes, sandbox="full" if sandbox else "none")
    ours["report"] = report.plain()
    show(nb, report)
    return nb


def show(nb: NotebookNode, report: Report) -> None:
    """Give each check cell its table, and the others plain outputs; the table's plain text is the
    score, which stock nbgrader reads too."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs.plain(cell.outputs)
        verdicts = report.of(grade_id(cell))
        if cell.cell_type == "code" and verdicts:
            data = {
                "text/plain": str(score(verdicts)),
                "text/html": table.html(grade_id(cell), verdicts),
            }
            cell.outputs = [v4.new_output("execute_result", data, execution_count=None)]
