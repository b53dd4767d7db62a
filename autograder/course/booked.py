"""What is booked: the marks in nbgrader's gradebook, as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from autograder.course.database import opened
from autograder.course.folder import Course

NAMES = ("last_name", "first_name", "email")
SCORES = ("score", "code_score", "written_score", "late_submission_penalty")


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
    from nbgrader.api import SubmittedAssignment
    from sqlalchemy.orm import joinedload, undefer

    rows = cast(Any, SubmittedAssignment)
    whole = [undefer(getattr(rows, name)) for name in (*SCORES, "needs_manual_grade")]
    unmarked, untested = _open(db)
    return [
        Booked(
            one.student_id,
            one.assignment.name,
            *(float(getattr(one, name)) for name in SCORES),
            waits=bool(one.needs_manual_grade),
            timestamp=one.timestamp,
            judged=one.id not in untested,
            complete=one.id not in unmarked,
        )
        for one in db.query(rows).options(*whole, joinedload(rows.assignment))
    ]


def _open(db: Any) -> tuple[set[str], set[str]]:
    """The submissions with a cell that has no score, and those where it is a tested one."""
    from nbgrader.api import Grade, SubmittedNotebook

    grade, notebook = cast(Any, Grade), cast(Any, SubmittedNotebook)
    query = db.query(notebook.assignment_id, grade.cell_type).join(
        grade, grade.notebook_id == notebook.id
    )
    unmarked = query.filter(grade.auto_score.is_(None), grade.manual_score.is_(None)).distinct()
    pairs = unmarked.all()
    return {one for one, _ in pairs}, {one for one, kind in pairs if kind == "code"}
