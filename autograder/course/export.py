"""Exporting marks: one row a student and lab, from nbgrader's gradebook."""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.course.folder import Course
from autograder.errors import OutgrowError
from autograder.plaintext import line

COLUMNS = {
    "score": "score",
    "max_score": "max_score",
    "code_score": "code_score",
    "written_score": "written_score",
    "late_penalty": "late_submission_penalty",
    "needs_manual_grade": "needs_manual_grade",
}
ACTIVE = re.compile(r"[\s'\"`‘’“”＇＂]*[=+\-@|%＝＋－＠−]")


def export(course: Course, to: Path | None) -> int:
    """Write the marks as CSV to a file, or to standard output; return how many rows."""
    rows = list(_rows(course))
    if to is None:
        _write(sys.stdout, rows)
        return len(rows)
    with to.open("w", encoding="utf-8", newline="") as file:
        _write(file, rows)
    return len(rows)


def _write(file: Any, rows: list[list[Any]]) -> None:
    writer = csv.writer(file)
    writer.writerows([["student", "lab", *COLUMNS], *rows])


def _rows(course: Course) -> Iterator[list[Any]]:
    from nbgrader.api import Gradebook

    if not (course.root / "gradebook.db").exists():
        raise OutgrowError(
            "nothing has been graded", course.root, "Run `outgrow course grade LAB`."
        )
    with Gradebook(course.gradebook, course.id) as gradebook:
        found = [s for assignment in gradebook.assignments for s in assignment.submissions]
        for one in sorted(found, key=lambda s: (s.student.id, s.assignment.name)):
            values = [getattr(one, name) for name in COLUMNS.values()]
            yield [inert(one.student.id), inert(one.assignment.name), *map(_cell, values)]


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    return inert(value) if isinstance(value, str) else value


def inert(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula, nor for two cells.

    >>> inert('=HYPERLINK("http://evil.example"; "x")')
    '\'=HYPERLINK("http://evil.example", "x")'
    """
    shown = line(text).replace(";", ",")
    return f"'{shown}" if ACTIVE.match(shown) else shown
