"""Lateness in the gradebook: nbgrader's due dates, extensions and penalties, as the course file
has them.

nbgrader keeps times in UTC without saying so. A penalty is never more than the score at the time,
so it is settled anew whenever feedback or marks go out: somebody may have given points by hand, or
an extension, since the submission was graded.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from dateutil.parser import ParserError
from nbformat import NotebookNode
from nbgrader.api import Assignment, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc
from sqlalchemy.orm import selectinload, undefer

from autograder.course.booked import points
from autograder.course.folder import Course, open_course
from autograder.course.late import penalty


class AssignLateness(AssignLatePenalties):
    """nbgrader's step that books lateness, with the course's policy."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        about = resources["nbgrader"]
        course = open_course(Path(self.parent.parent.coursedir.root))  # type: ignore[union-attr]
        with Gradebook(course.gradebook, course.id) as gradebook:
            settle(course, gradebook.find_submission(about["assignment"], about["student"]))
            gradebook.db.commit()
        return nb, resources


def settle_all(course: Course, gradebook: Gradebook) -> None:
    """Settle every submission of the labs that have a due date."""
    labs, submissions, rows = (
        cast(Any, table) for table in (Assignment, SubmittedAssignment, SubmittedNotebook)
    )
    named = labs.name.in_(list(course.due)) | labs.duedate.is_not(None)
    notebooks = selectinload(submissions.notebooks)
    query = gradebook.db.query(submissions).join(labs).filter(named)
    query = query.options(
        notebooks.selectinload(rows.grades), notebooks.options(undefer(rows.max_score))
    )
    for submission in query:
        settle(course, submission)
    gradebook.db.commit()


def settle(course: Course, submission: SubmittedAssignment) -> None:
    """Write when a submission came in, when it was due, and what its lateness costs. The session is
    not committed.

    A due date that was set in formgrader holds if the course file has none for the lab.
    """
    row: Any = submission
    lab, student = row.assignment.name, row.student_id
    row.timestamp = handed_in(course, lab, student) or row.timestamp
    if lab in course.due:
        due, own = _utc(course.due[lab]), course.extensions.get(student, {}).get(lab)
        if row.assignment.duedate != due:
            row.assignment.duedate = due
        row.extension = _utc(own) - due if own else None
    due = row.duedate if row.assignment.duedate else None
    for notebook in row.notebooks:
        score = sum(map(points, notebook.grades))
        cost = 0.0
        if row.timestamp:
            cost = penalty(row.timestamp, due, course.late, score, notebook.max_score)
        notebook.late_submission_penalty = cost or None


def handed_in(course: Course, lab: str, student: str) -> datetime | None:
    """When a submission came in, in UTC, from the `timestamp.txt` that lies beside it."""
    file = course.notebook("submitted", lab, student).with_name("timestamp.txt")
    try:
        return parse_utc(file.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError, ParserError, ValueError, OverflowError):
        return None


def _utc(date: datetime) -> datetime:
    return date.astimezone(UTC).replace(tzinfo=None)
