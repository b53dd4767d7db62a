"""A run of grading may be ended at any moment: the same command goes on, and nothing is lost."""

import random
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.folder import Course, open_course
from autograder.course.grade import grade
from autograder.course.marks import read
from autograder.judge.verdict import Report
from tests.autograder.tiny import NAME, answered

ANSWERS = ("return number + number", "return number * number", "return abs(number) * 2")
STUDENTS = [f"s{number:02}" for number in range(60)]
KILLS = 20
COMMAND = [sys.executable, "-c", "from autograder.commands import main; main()", "course", "grade"]
Row = tuple[str, str, float | None, bool]


@pytest.fixture
def handed_in(course: Course) -> Course:
    """A class of sixty, with three kinds of answers."""
    text = course.notebook("release", NAME).read_text("utf-8")
    for number, student in enumerate(STUDENTS):
        target = course.notebook("submitted", NAME, student)
        target.parent.mkdir(parents=True)
        target.write_text(answered(ANSWERS[number % 3], text), "utf-8")
    return course


def begun(course: Course) -> subprocess.Popen[str]:
    """A grader that is at work."""
    return subprocess.Popen(
        [*COMMAND, NAME, "--course", str(course.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def rows(course: Course) -> list[Row]:
    """Every mark in the gradebook: student, cell, score, whether somebody is to look at it."""
    with Gradebook(course.gradebook, course.id) as gradebook:
        found = gradebook.find_assignment(NAME).submissions
        grades = [(s.student.id, g) for s in found for n in s.notebooks for g in n.grades]
        return sorted((s, g.cell.name, g.auto_score, g.needs_manual_grade) for s, g in grades)


def report(course: Course, student: str) -> list[tuple[str, str, float]]:
    found = read(course, NAME, student)
    assert isinstance(found, Report)
    return [(v.test, v.outcome, v.points) for v in found.verdicts]


@pytest.mark.slow
def test_a_run_killed_at_twenty_random_moments_ends_as_one_that_was_left_alone(
    handed_in: Course, tmp_path: Path
):
    quiet = open_course(shutil.copytree(handed_in.root, tmp_path / "quiet"))
    draw = random.Random(2**20)
    done, killed = 0, 0
    for _ in range(KILLS):
        with begun(handed_in) as grader:
            assert grader.stdout
            lines = draw.randrange(1, 5)
            for _ in range(lines):  # up to a moment within a judgement, a booking, a start
                grader.stdout.readline()
            select.select([grader.stdout], [], [], draw.random() / 4)
            grader.kill()
            killed += grader.wait() == -signal.SIGKILL
        for path in (handed_in.root / "autograded").glob(f"*/{NAME}/*.ipynb"):
            nbformat.validate(nbformat.read(path, as_version=4))
        before, done = done, len(finished(handed_in))
        assert done >= before, "no mark is lost"
    assert killed == KILLS
    assert 0 < done < len(STUDENTS), "it was in the middle of its work"
    marks = {mark.student: mark for mark in grade(handed_in, NAME)}
    assert len(marks) == len(STUDENTS)
    assert sum(mark.kept for mark in marks.values()) == done
    assert len(list(grade(quiet, NAME))) == len(STUDENTS)
    assert rows(handed_in) == rows(quiet)
    assert len({row[:2] for row in rows(quiet)}) == len(rows(quiet)), "no mark is there twice"
    for student in STUDENTS:
        assert report(handed_in, student) == report(quiet, student)


def finished(course: Course) -> list[Path]:
    return list((course.root / "autograded").glob(f"*/{NAME}/{NAME}.ipynb"))
