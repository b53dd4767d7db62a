"""Exporting marks from nbgrader's gradebook, as tables that other systems take in.

    outgrow    a row for each submission: score, what it is made of, whether it waits for somebody
    nbgrader   a row for each student and lab, with the columns of `nbgrader export`
    canvas     a row for each student, a column for each lab: what Canvas's gradebook imports
    moodle     the same for Moodle's grade import

A score is after lateness. Where there is no mark, the cell is blank: nobody handed in, a test could
not be judged, or, for Canvas and Moodle, a written answer still waits.
"""

import csv
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.booked import NAMES, Marks, read_marks
from autograder.course.folder import Course
from autograder.course.roster import Roster
from autograder.errors import OutgrowError
from autograder.plaintext import line

ACTIVE = re.compile(r"[\s'\"`‘’“”＇＂]*[=+\-@|%＝＋－＠−]")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = ("First name", "Last name", "ID number", "Email address", "Username")
MOODLES_KEYS = MOODLE[2:]
OURS = (
    "student", "lab", "score", "max_score", "code_score", "written_score", "late_penalty",
    "needs_manual_grade",
)  # fmt: skip
NBGRADERS = (
    "assignment", "duedate", "timestamp", "student_id", *NAMES, "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table to write; `left_out` are students of whom the other system would know nobody."""

    header: Sequence[str]
    rows: list[list[Any]]
    left_out: tuple[str, ...] = ()


def table(
    course: Course, form: str = "outgrow", roster: Roster | None = None, labs: Sequence[str] = ()
) -> Table:
    """The marks of a course (of all its labs, or of those named) in a form of `FORMS`."""
    marks = read_marks(course, labs)
    if roster is not None and not _helps(form, roster):
        wanted = ", ".join(COLUMNS[form]) or "no roster"
        fact = f"the roster has no column that `--format {form}` writes"
        raise OutgrowError(fact, course.root, f"It takes: {wanted}.")
    return FORMS[form](marks, roster or {})


def write(found: Table, to: Path | None) -> None:
    """Write a table as CSV to a file, or to standard output."""
    if to is None:
        _write(sys.stdout, found)
        return
    with to.open("w", encoding="utf-8", newline="") as file:
        _write(file, found)


def _write(file: Any, found: Table) -> None:
    writer = csv.writer(file)
    writer.writerows([found.header, *([_cell(value) for value in row] for row in found.rows)])


def _helps(form: str, roster: Roster) -> bool:
    return any(set(COLUMNS[form]) & set(row) for row in roster.values())


# --- the forms --------------------------------------------------------------------------------


def _outgrow(marks: Marks, roster: Roster) -> Table:
    del roster
    rows = [
        [
            *(one.student, one.lab, one.score, marks.labs[one.lab][0]),
            *(one.code if one.judged else None, one.written, one.penalty, one.waits),
        ]
        for _, one in sorted(marks.booked.items())
    ]
    return Table(OURS, rows)


def _nbgrader(marks: Marks, roster: Roster) -> Table:
    """A row for each lab and student, as nbgrader's own has; what is not there stays blank."""
    people = {**{name: {} for name in roster}, **marks.students}
    rows = []
    for lab, (points, due) in marks.labs.items():
        for student in sorted(people):
            names = [roster.get(student, {}).get(n) or people[student].get(n, "") for n in NAMES]
            one = marks.booked.get((student, lab))
            raw = one.raw if one and one.judged else None
            late = one.penalty if one else None
            when, score = (one.timestamp, one.score) if one else (None, None)
            rows.append([lab, due, when, student, *names, raw, late, score, points])
    return Table(NBGRADERS, rows)


def _canvas(marks: Marks, roster: Roster) -> Table:
    """Canvas knows a student by its own ID, the SIS user ID, the SIS login ID, or the name."""
    points = [round(points, 6) for points, _ in marks.labs.values()]
    rows = [["    Points Possible", "", "", "", "", *points]]
    present, left_out = _people(marks, roster, CANVAS)
    for student in present:
        known = roster.get(student) or {"Student": student, "SIS Login ID": student}
        about = [known.get(column, "") for column in CANVAS]
        rows.append([*about, *_scores(marks, student)])
    return Table([*CANVAS, *marks.labs], rows, left_out)


def _moodle(marks: Marks, roster: Roster) -> Table:
    """Moodle knows a student by one column, which is chosen when it imports."""
    present, left_out = _people(marks, roster, MOODLES_KEYS)
    given = {column for row in roster.values() for column in row}
    address = all("@" in student for student in present)
    columns = [column for column in MOODLE if column in given]
    columns = columns or ["Email address" if address else "Username"]
    rows = []
    for student in present:
        known = roster.get(student) or {columns[-1]: student}
        rows.append([*(known.get(c, "") for c in columns), *_scores(marks, student)])
    return Table([*columns, *marks.labs], rows, left_out)


def _people(marks: Marks, roster: Roster, keys: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Who is in the table, and who handed in but is not in the roster, if there is one."""
    handed_in = {student for student, _ in marks.booked}
    if not roster:
        return sorted(handed_in), ()
    known = {student for student, row in roster.items() if any(row.get(key) for key in keys)}
    return sorted(known), tuple(sorted(handed_in - known))


def _scores(marks: Marks, student: str) -> list[float | None]:
    booked = [marks.booked.get((student, lab)) for lab in marks.labs]
    return [one.score if one and one.complete else None for one in booked]


FORMS = {"outgrow": _outgrow, "canvas": _canvas, "moodle": _moodle, "nbgrader": _nbgrader}
COLUMNS = {"outgrow": (), "canvas": CANVAS, "moodle": MOODLE, "nbgrader": NAMES}


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
