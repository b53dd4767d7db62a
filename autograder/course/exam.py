"""The exam of a released lab: tests from the labs folder, bundle and points from the release."""

from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.folder import Course
from autograder.errors import OutgrowError
from autograder.judge.session import plan
from autograder.judge.submission import Exam
from autograder.judge.verdict import Planned, worth
from autograder.lab import Lab
from autograder.notebook import grade_id
from autograder.sandbox import preload


def exam_of(course: Course, lab: str, sandbox: bool = True) -> Exam:
    """What submissions of a released lab are judged by."""
    found = _lab(course.labs, lab)
    bundle = course.notebook("release", lab).parent
    return Exam(found.tests, tuple(found.tasks), bundle, course.budget(lab), sandbox)


def expected(course: Course, lab: str) -> tuple[str, ...]:
    """The modules that a kernel in the sandbox has ready for this lab, as it was released."""
    nb = nbformat.read(course.notebook("release", lab), as_version=4)
    needs = nb.metadata.get("outgrow", {}).get("needs", {})
    return preload.modules(needs, preload.libraries(cell.source for cell in nb.cells))


def planned_of(course: Course, lab: str) -> tuple[Planned, ...]:
    found = _lab(course.labs, lab)
    changed = tuple(p.stat().st_mtime_ns for p in (*found.tests, *found.helpers))
    return _plan(found.tests, tuple(found.tasks), changed)


def same_points(course: Course, lab: str, nb: NotebookNode) -> None:
    """Refuse to grade if the tests' points are no longer those that were released."""
    cells = {grade_id(c): c for c in nb.cells if c.cell_type == "code" and grade_id(c)}
    released = {
        n: c.metadata.nbgrader.points for n, c in cells.items() if c.metadata.nbgrader.grade
    }
    now = worth(planned_of(course, lab))
    if released != now:
        fact = f"the tests are worth {now} now; released were {released}"
        remedy = f"Run `outgrow course release {lab}` again, then grade again."
        raise OutgrowError(fact, course.labs / lab, remedy)


def _lab(labs: Path, name: str) -> Lab:
    return _read(labs / name, (labs / name / "lab.py").stat().st_mtime_ns)


@cache
def _read(folder: Path, changed: int) -> Lab:  # noqa: ARG001
    from autograder.lab import read_lab

    return read_lab(folder)


@cache
def _plan(
    tests: tuple[Path, ...],
    tasks: tuple[str, ...],
    changed: tuple[int, ...],  # noqa: ARG001
) -> tuple[Planned, ...]:
    return plan(tests, tasks)
