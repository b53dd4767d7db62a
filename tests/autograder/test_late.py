"""What the course file says of due dates, and what lateness costs."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.folder import Course
from autograder.course.late import Policy, penalty
from autograder.course.lateness import settle_all
from autograder.errors import OutgrowError
from tests.autograder.gradebooks import LAB, add_lab, course_with, gradebook, mark

DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
TERM = """
[due]
02_lab = 2026-12-01T23:59:00Z
[late]
grace = 30
penalty = 0.1
at_most = 0.5
[extensions.ben]
02_lab = 2026-12-03T23:59:00Z
"""

policies = st.builds(
    Policy, st.integers(0, 5000).map(float), st.floats(0, 1), st.floats(0, 1)
)  # fmt: skip
minutes = st.integers(-10_000, 100_000).map(lambda n: timedelta(minutes=n))
scores = st.integers(0, 100).map(float)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "course"


# --- what it costs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "points"),
    [
        (timedelta(0), 0), (timedelta(minutes=30), 0), (timedelta(minutes=30, seconds=1), 1),
        (timedelta(days=1, minutes=30), 1), (timedelta(days=1, minutes=31), 2),
        (timedelta(days=90), 5), (-timedelta(days=3), 0),
    ],
)  # fmt: skip
def test_each_started_day_after_the_grace_costs_up_to_a_limit(late: timedelta, points: float):
    policy = Policy(grace=30, penalty=0.1, at_most=0.5)
    assert penalty(DUE + late, DUE, policy, 8, 10) == points
    assert penalty(DUE + late, None, policy, 8, 10) == 0
    assert penalty(DUE + late, DUE, Policy(), 8, 10) == 0


@given(minutes, policies, scores, scores)
def test_a_penalty_leaves_between_nothing_and_the_score(
    late: timedelta, policy: Policy, score: float, most: float
):
    assert 0 <= penalty(DUE + late, DUE, policy, score, most) <= score


@given(minutes, minutes, policies, scores)
def test_later_never_costs_less(one: timedelta, other: timedelta, policy: Policy, most: float):
    early, late = sorted((one, other))
    costs = [penalty(DUE + t, DUE, policy, most, most) for t in (early, late)]
    assert costs == sorted(costs)


# --- the course file --------------------------------------------------------------------------


def test_the_course_file_says_what_is_due_when(folder: Path):
    course = course_with(folder, TERM)
    assert course.late == Policy(grace=30, penalty=0.1, at_most=0.5)
    assert course.due_of(LAB, "ada") == DUE
    assert course.due_of(LAB, "ben") == DUE + timedelta(days=2)
    assert course_with(folder).due_of(LAB, "ada") is None


def test_a_date_without_a_zone_takes_the_course_s(folder: Path):
    lines = 'timezone = "Europe/Berlin"\n[due]\n02_lab = 2026-12-01T23:59:00'
    assert course_with(folder, lines).due[LAB] == DUE - timedelta(hours=1)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("[due]\n02_lab = 2026-12-01T23:59:00", "does not say in which time zone it is"),
        ("[due]\n02_lab = 2026-12-01", "02_lab is no date with a time. Write it as 2026-12-01T"),
        ('[due]\n02_lab = "2026-12-01T23:59:00Z"', "without quotes"),
        ("[due]\n99_lab = 2026-12-01T23:59:00Z", "there is no lab `99_lab` in"),
        ("due = 3", "Begin it with a line [due]"),
        ("[dues]\n02_lab = 2026-12-01T23:59:00Z", "nothing is called `dues`"),
        ('timezone = "Mars/Base"', "there is no time zone `Mars/Base`"),
        ('timezone = "../etc/passwd"', "there is no time zone"),
        ("gradebook = 3", "`gradebook` is no text"),
        ("[late]\ngraze = 3", "[late]: nothing is called `graze`. There are: grace, penalty"),
        ("[late]\npenalty = 10", "[late] penalty is not a fraction from 0 to 1"),
        ("[late]\npenalty = nan", "[late] penalty is not a fraction from 0 to 1"),
        ("[late]\ngrace = -1", "[late] grace is not a number of minutes. Write grace = 30"),
        ("[late]\nat_most = true", "[late] at_most is not a fraction"),
        ("[extensions.ada]\n02_lab = 2026-12-02T00:00:00Z", "02_lab has no due date"),
        (TERM + "[extensions.cy]\n02_lab = 2026-11-01T00:00:00Z", "due earlier than"),
        (TERM + "[extensions.c.y]\n02_lab = 2026-12-09T00:00:00Z", '[extensions."NAME"]'),
    ],
)  # fmt: skip
def test_what_the_course_file_must_not_say_is_told_with_a_remedy(
    folder: Path, lines: str, said: str
):
    with pytest.raises(OutgrowError) as error:
        course_with(folder, lines)
    assert said in str(error.value)
    assert str(folder / "course.toml") in str(error.value)


# --- in the gradebook -------------------------------------------------------------------------


def hand_in(course: Course, student: str, when: str) -> None:
    target = course.notebook("submitted", LAB, student)
    target.parent.mkdir(parents=True)
    target.with_name("timestamp.txt").write_text(when)


def penalties(book: Any) -> dict[str, float | None]:
    rows = [book.find_submission(LAB, s.id) for s in book.students]
    return {row.student_id: row.notebooks[0].late_submission_penalty for row in rows}


def test_lateness_is_nbgrader_s_own_and_is_settled_anew(folder: Path):
    course = course_with(folder, TERM)
    times = {"ada": "2026-12-02 12:00:00.0 UTC", "ben": "2026-12-03 12:00:00.0 UTC"}
    times |= {"cy": "2026-12-01 12:00:00.0 UTC", "di": "2027-06-01 12:00:00.0 UTC"}
    for student, when in times.items():
        hand_in(course, student, when)
    hand_in(course, "eve", "a time that is none")
    with gradebook(course) as book:
        add_lab(book)
        for student, points in zip((*times, "eve"), (8, 8, 8, 3, 8), strict=True):
            mark(book, student, points)
        settle_all(course, book)
        assert penalties(book) == {"ada": 1.0, "ben": None, "cy": None, "di": 3.0, "eve": None}
        ben = book.find_submission(LAB, "ben")
        assert (ben.duedate, ben.total_seconds_late) == (datetime(2026, 12, 3, 23, 59), 0)
        assert book.find_submission(LAB, "ada").total_seconds_late > 0

        book.find_submission(LAB, "di").notebooks[0].grades[0].manual_score = 9.0
        settle_all(course, book)
        assert penalties(book)["di"] == 5.0
        settle_all(course_with(folder, TERM.replace("ben", "ada")), book)
        assert penalties(book) == {"ada": None, "ben": 2.0, "cy": None, "di": 5.0, "eve": None}


def test_a_due_date_of_formgrader_holds_where_the_course_file_has_none(folder: Path):
    course = course_with(folder, "[late]\npenalty = 0.1")
    hand_in(course, "ada", "2026-12-02 12:00:00.0 UTC")
    with gradebook(course) as book:
        add_lab(book)
        mark(book, "ada", 8)
        settle_all(course, book)
        assert penalties(book) == {"ada": None}
        book.update_or_create_assignment(LAB, duedate="2026-12-01 12:00:00 UTC")
        settle_all(course, book)
        assert penalties(book) == {"ada": 1.0}


def test_only_folders_that_a_student_can_be_called_hold_submissions(folder: Path):
    course = course_with(folder)
    for name in ("ada", "b.c@uni-x", ".ipynb_checkpoints", "no such", "<b>", "x" * 101):
        course.notebook("submitted", LAB, name).parent.mkdir(parents=True)
    (folder / "submitted" / "filed").mkdir()
    (folder / "submitted" / "filed" / LAB).touch()
    (folder / "submitted" / "notes.txt").touch()
    if hasattr(os, "symlink"):
        (folder / "submitted" / "linked").symlink_to(folder / "submitted" / "ada")
    assert course.students(LAB) == ["ada", "b.c@uni-x", "linked"]
