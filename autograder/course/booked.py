"""What is booked: the marks in nbgrader's gradebook, as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from autograder.course.database import opened
from autograder.course.folder import Course

NAMES = ("last_name", "first_name", "email")


@dataclass(frozen=True)
class Booked:
    """A submission as the gradebook has it. `judged` is False if a test left no mark, `complete` if
    anything did; `raw` is the score before lateness."""

    student: str
    lab: str
    raw: float
    code: float
    written: float
    penalty: float
    waits: bool
    timestamp: datetime | None
    judged: bool
    complete: bool

    @property
    def score(self) -> float | None:
        return max(0.0, self.raw - self.penalty) if self.judged else None


@dataclass(frozen=True)
class Marks:
    """What the gradebook holds: the labs with their points and due dates, who is in it, and the
    submissions by student and lab."""

    labs: dict[str, tuple[float, datetime | None]]
    students: dict[str, dict[str, str]]
    booked: dict[tuple[str, str], Booked]


def read_marks(course: Course, labs: Sequence[str] = ()) -> Marks:
    """The gradebook's marks (of all labs, or of those named), with lateness settled as the course
    file has it now."""
    from nbgrader.api import Assignment, Student
    from sqlalchemy.orm import undefer

    from autograder.course.lateness import settle_all

    with opened(course) as gradebook:
        settle_all(course, gradebook)
        assignments, students = cast(Any, Assignment), cast(Any, Student)
        every = gradebook.db.query(assignments).options(undefer(assignments.max_score)).all()
        known = {a.name: (a.max_score, a.duedate) for a in every if not labs or a.name in labs}
        people = {
            student.id: {name: getattr(student, name) or "" for name in NAMES}
            for student in gradebook.db.query(students)
        }
        booked = _booked(gradebook.db)
    found = {(one.student, one.lab): one for one in booked if one.lab in known}
    return Marks(dict(sorted(known.items())), people, found)


def _booked(db: Any) -> list[Booked]:
    """Every submission, from one pass over the cells' marks: nbgrader's own sums take a pass each
    for every submission."""
    cells = groupby(_cells(db), key=lambda cell: cell.submission)
    return [_one(list(group)) for _, group in cells]


def _cells(db: Any) -> Any:
    """A row for each graded cell of each submission, in the submissions' order."""
    from nbgrader.api import Assignment, Grade, GradeCell, SubmittedAssignment, SubmittedNotebook

    tables = (Assignment, Grade, GradeCell, SubmittedAssignment, SubmittedNotebook)
    lab, grade, cell, submission, notebook = (cast(Any, table) for table in tables)
    query = db.query(
        submission.id.label("submission"),
        submission.student_id,
        submission.timestamp,
        lab.name.label("lab"),
        notebook.late_submission_penalty.label("penalty"),
        cell.cell_type,
        grade.auto_score,
        grade.manual_score,
        grade.extra_credit,
        grade.needs_manual_grade,
    )
    query = query.select_from(grade).join(notebook, grade.notebook_id == notebook.id)
    query = query.join(submission, notebook.assignment_id == submission.id)
    query = query.join(lab, submission.assignment_id == lab.id)
    return query.outerjoin(cell, grade.cell_id == cell.id).order_by(submission.id)


def _one(cells: Sequence[Any]) -> Booked:
    """A submission, of the marks of its cells; it is one notebook."""
    first = cells[0]
    code = [cell for cell in cells if cell.cell_type == "code"]
    written = [cell for cell in cells if cell.cell_type != "code"]
    return Booked(
        student=first.student_id,
        lab=first.lab,
        raw=sum(map(points, cells)),
        code=sum(map(points, code)),
        written=sum(map(points, written)),
        penalty=first.penalty or 0.0,
        waits=any(cell.needs_manual_grade for cell in cells),
        timestamp=first.timestamp,
        judged=all(map(_has_mark, code)),
        complete=all(map(_has_mark, cells)),
    )


def _has_mark(cell: Any) -> bool:
    return cell.auto_score is not None or cell.manual_score is not None


def points(cell: Any) -> float:
    """A cell's score as nbgrader counts it: what somebody gave goes before what the tests did."""
    found = cell.auto_score if cell.manual_score is None else cell.manual_score
    return 0.0 if found is None else found + (cell.extra_credit or 0.0)
