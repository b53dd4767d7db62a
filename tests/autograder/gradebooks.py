"""Courses and gradebooks for tests that grade nothing: made once, by nbgrader, and copied."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from autograder.course.database import opened, prepare
from autograder.course.folder import Course, open_course

LAB, OTHER = "02_lab", "03_lab"


def course_with(folder: Path, more: str = "") -> Course:
    """A course in a folder, with labs that nobody reads beside it, and `more` in its file."""
    for lab in (LAB, OTHER):
        (folder.parent / "labs" / lab).mkdir(parents=True, exist_ok=True)
        (folder.parent / "labs" / lab / "lab.py").touch()
    (folder / ".outgrow").mkdir(parents=True, exist_ok=True)
    head = f'id = "c"\ntitle = "C"\nlabs = "{(folder.parent / "labs").as_posix()}"\n'
    (folder / "course.toml").write_text(head + more, "utf-8")
    return open_course(folder)


@contextmanager
def gradebook(course: Course) -> Iterator[Any]:
    """The course's gradebook in SQLite; an empty one if there is none yet."""
    if not (course.root / "gradebook.db").exists():
        (course.root / "gradebook.db").write_bytes(_empty())
    with opened(course) as book:
        yield book


@cache
def _empty() -> bytes:
    from nbgrader.api import Gradebook

    prepare()
    with tempfile.TemporaryDirectory() as folder:
        Gradebook(f"sqlite:///{folder}/gradebook.db", "c").close()
        return Path(folder, "gradebook.db").read_bytes()


def add_lab(book: Any, lab: str = LAB, written: float = 0) -> None:
    """A lab with a tested task of ten points and, if it is worth anything, a written answer."""
    book.add_assignment(lab)
    book.add_notebook(lab, lab)
    book.add_grade_cell("task", lab, lab, max_score=10, cell_type="code")
    if written:
        book.add_grade_cell("why", lab, lab, max_score=written, cell_type="markdown")


def mark(
    book: Any, student: str, code: float | None, written: float | None = None, lab: str = LAB
) -> None:
    """A submission with what its task earned, and what somebody gave for its written answer."""
    book.update_or_create_student(student)
    submission = book.add_submission(lab, student)
    for grade in submission.notebooks[0].grades:
        grade.auto_score = code if grade.cell.name == "task" else None
        grade.manual_score = None if grade.cell.name == "task" else written
        grade.needs_manual_grade = grade.auto_score is None and grade.manual_score is None
    book.db.commit()
