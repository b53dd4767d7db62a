"""Booking: a judged submission goes into nbgrader's gradebook and into `autograded/`.

The gradebook first, in transactions, then the notebook, in one rename. Whatever ends the grader in
between, there is no half of either: a notebook that is not there is judged again, and booked over
the same rows. The rows are those that `nbgrader autograde` would have written.
"""

import os
import warnings
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Gradebook,
    InvalidEntry,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import update
from sqlalchemy.exc import SAWarning

from autograder.course.database import make
from autograder.course.folder import Course
from autograder.course.judging import Judged
from autograder.course.lateness import settle
from autograder.errors import OutgrowError

NO_ANSWER = "No response."  # nbgrader's words


@dataclass(frozen=True)
class Entry:
    """What the gradebook says of a submission, in points; `by_hand` names the cells that somebody
    gave points for, `waiting` those that somebody has yet to."""

    score: float
    max_score: float
    penalty: float
    by_hand: tuple[str, ...]
    waiting: tuple[str, ...]


class Book(AbstractContextManager["Book"]):
    """The gradebook, open for one grader; others may be at work on it."""

    def __init__(self, course: Course) -> None:
        self.course = course
        make(course)
        self.gradebook = Gradebook(course.gradebook, course.id)
        self.db = self.gradebook.db

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    def booked(self, lab: str) -> set[str]:
        """The students who have marks for a lab."""
        query = self.db.query(SubmittedAssignment.student_id)
        return {row[0] for row in query.filter(SubmittedAssignment.assignment.has(name=lab))}

    def entry(self, lab: str, student: str) -> Entry | None:
        """What there is of a submission, if there is anything."""
        try:
            row: Any = self.gradebook.find_submission(lab, student)
        except MissingEntry:
            return None
        grades = [grade for notebook in row.notebooks for grade in notebook.grades]
        penalty = row.late_submission_penalty or 0.0
        by_hand = tuple(g.cell.name for g in grades if g.manual_score is not None)
        waiting = tuple(g.cell.name for g in grades if g.needs_manual_grade)
        return Entry(row.score - penalty, row.max_score, penalty, by_hand, waiting)

    def enter(self, judged: Judged) -> None:
        """Write the marks, then the notebook; raises OutgrowError if the gradebook does not know
        the lab."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # about nbgrader's own queries
            try:
                self._mark(judged, self._find(judged.lab, judged.student))
                self.db.commit()
            finally:
                self.db.rollback()
                self.db.expunge_all()
        write_whole(self.course.notebook("autograded", judged.lab, judged.student), judged.notebook)

    def _find(self, lab: str, student: str) -> SubmittedAssignment:
        """The rows of a submission; they are made if there are none. The student's own row is
        locked meanwhile, so that two graders do not make them twice."""
        with suppress(InvalidEntry):  # another grader has just done so
            self.gradebook.update_or_create_student(student)
        self.db.execute(update(Student).where(Student.id == student).values(id=student))
        try:
            return self.gradebook.update_or_create_submission(lab, student)
        except MissingEntry:
            if self._knows(lab):
                raise
            remedy = f"Run `outgrow course release {lab}`, then grade again."
            fact = f"the gradebook does not know {lab}"
            raise OutgrowError(fact, self.course.root, remedy) from None

    def _knows(self, lab: str) -> bool:
        return any(assignment.name == lab for assignment in self.gradebook.assignments)

    def _mark(self, judged: Judged, submission: SubmittedAssignment) -> None:
        """Put the marks into the rows. A mark that somebody gave by hand stays, to be looked at
        again."""
        notebook: SubmittedNotebook = submission.notebooks[0]
        for grade in notebook.grades:
            grade.auto_score = judged.scores[grade.cell.name]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            unanswered = comment.cell.name in judged.unanswered
            comment.auto_comment = NO_ANSWER if unanswered else None
        settle(self.course, submission)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that whoever reads it finds the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, "utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
