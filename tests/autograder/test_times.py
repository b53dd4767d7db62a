"""When a submission came in: the date of the file in the inbox, or what the instructor says."""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.course.collect import collect
from autograder.course.folder import Course
from autograder.course.lateness import handed_in
from autograder.course.times import read_times
from autograder.errors import OutgrowError
from tests.autograder.gradebooks import LAB, course_with

SENT = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
SAID = "student,time\nada,2026-12-01T22:00:00+01:00\n"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return course_with(tmp_path / "course")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def times(tmp_path: Path, text: str) -> Path:
    (tmp_path / "times.csv").write_text(text, "utf-8")
    return tmp_path / "times.csv"


def sent(path: Path) -> None:
    os.utime(path, (SENT.timestamp(), SENT.timestamp()))


def test_it_is_the_date_of_what_lies_in_the_inbox(course: Course, inbox: Path):
    (inbox / "ada.ipynb").write_text("{}")
    (inbox / "ben").mkdir()
    (inbox / "ben" / "work.ipynb").write_text("{}")
    member = zipfile.ZipInfo(f"{LAB}.ipynb", (1999, 1, 1, 0, 0, 0))  # the student's own word
    with zipfile.ZipFile(inbox / "cy.zip", "w") as archive:
        archive.writestr(member, "{}")
    for path in (inbox / "ada.ipynb", inbox / "ben" / "work.ipynb", inbox / "cy.zip"):
        sent(path)
    (inbox / "di").mkdir()
    sent(inbox / "di")
    list(collect(course, LAB, inbox))
    for student in ("ada", "ben", "cy", "di"):
        assert handed_in(course, LAB, student) == SENT.replace(tzinfo=None)


def test_what_comes_again_unchanged_keeps_its_time(course: Course, inbox: Path):
    (inbox / "ada.ipynb").write_text("{}")
    sent(inbox / "ada.ipynb")
    for _ in range(2):
        list(collect(course, LAB, inbox))
        assert handed_in(course, LAB, "ada") == SENT.replace(tzinfo=None)
        os.utime(inbox / "ada.ipynb")
    (inbox / "ada.ipynb").write_text('{"changed": 1}')
    list(collect(course, LAB, inbox))
    assert handed_in(course, LAB, "ada") != SENT.replace(tzinfo=None)


def test_the_instructor_s_word_goes_before_the_file_s_date(
    course: Course, inbox: Path, tmp_path: Path
):
    for student in ("ada", "ben"):
        (inbox / f"{student}.ipynb").write_text("{}")
        sent(inbox / f"{student}.ipynb")
    list(collect(course, LAB, inbox))
    list(collect(course, LAB, inbox, read_times(course, times(tmp_path, SAID))))
    assert handed_in(course, LAB, "ada") == datetime(2026, 12, 1, 21)
    assert handed_in(course, LAB, "ben") == SENT.replace(tzinfo=None)


def test_a_time_without_an_offset_is_in_the_course_s_zone(tmp_path: Path):
    file = times(tmp_path, "time,student\n2026-12-01 22:00,ada\n")
    berlin = course_with(tmp_path / "course", 'timezone = "Europe/Berlin"\n')
    assert read_times(berlin, file)["ada"].astimezone(UTC) == datetime(2026, 12, 1, 21, tzinfo=UTC)
    with pytest.raises(OutgrowError, match="does not say its time zone"):
        read_times(course_with(tmp_path / "course"), file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,time\nada,yesterday\n", "the `time` of ada is none: 'yesterday'"),
        ("student\nada\n", "the `time` of ada is none: ''"),
        ("name,time\nada,2026-12-01\n", "there is no column `student`"),
        (SAID + "ada,2026-12-01T22:00:00Z\n", "ada is in it twice"),
    ],
)
def test_a_file_of_times_that_cannot_be_read_says_why(tmp_path: Path, text: str, said: str):
    with pytest.raises(OutgrowError) as error:
        read_times(course_with(tmp_path / "course"), times(tmp_path, text))
    assert said in str(error.value)
