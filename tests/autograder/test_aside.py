"""Submissions that were put into the course by hand: named, or put aside."""

import os
import shutil
from pathlib import Path

import pytest

from autograder.course.aside import before_autograde
from autograder.course.collect import adopt
from autograder.course.folder import Course
from tests.autograder.handed_in import LAB, WORK, empty_course, unix


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return empty_course(tmp_path / "course")


def by_hand(course: Course, name: str) -> Path:
    target = course.notebook("submitted", LAB, "ada")
    target.parent.mkdir(parents=True)
    (target.parent / name).write_text(WORK)
    return target


def test_a_submission_put_there_by_hand_gets_its_name(course: Course):
    target = by_hand(course, "my work.ipynb")
    adopt(course, LAB, "ada")
    assert target.read_text("utf-8") == WORK


@unix
def test_of_one_put_there_by_hand_no_link_is_written_through_or_read(
    course: Course, tmp_path: Path
):
    target = by_hand(course, "notes.txt")
    target.symlink_to(tmp_path / "nowhere")
    adopt(course, LAB, "ada")
    assert not (tmp_path / "nowhere").exists()
    target.unlink()
    os.mkfifo(target)
    adopt(course, LAB, "ada")
    target.unlink()
    (tmp_path / "secret.ipynb").write_text("{}")
    target.with_name("x.ipynb").symlink_to(tmp_path / "secret.ipynb")
    adopt(course, LAB, "ada")
    assert target.read_text("utf-8") == ""


@unix
def test_what_must_not_be_copied_is_put_aside(course: Course, tmp_path: Path):
    target = by_hand(course, "notes.txt")
    folder = target.parent
    (tmp_path / "secret").write_text("secret")
    (folder / "data").mkdir()
    (folder / "data" / "secret.csv").symlink_to(tmp_path / "secret")
    (folder / "theirs").symlink_to(tmp_path)
    (folder / "work.ipynb").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "timestamp.txt")
    with (folder / "sparse").open("wb") as file:
        file.truncate(2**40)
    target.write_text(WORK)
    before_autograde(assignment=LAB, student="*", notebooks=[str(target)])
    left = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    assert left == {"notes.txt", "data", "work.ipynb", target.name}
    aside = course.private / "aside" / "ada" / LAB
    assert {path.name for path in aside.iterdir()} == {"data", "theirs", "timestamp.txt", "sparse"}
    assert (tmp_path / "secret").read_text() == "secret"


@unix
@pytest.mark.parametrize("part", [0, 1], ids=["lab", "student"])
def test_a_linked_folder_is_put_aside_and_nothing_behind_it_touched(
    course: Course, tmp_path: Path, part: int
):
    theirs = tmp_path / "theirs"
    (theirs / LAB).mkdir(parents=True)
    (theirs / LAB / "work.ipynb").write_text(WORK)
    (theirs / "work.ipynb").write_text(WORK)
    os.mkfifo(theirs / LAB / "pipe")
    target = course.notebook("submitted", LAB, "ada")
    target.parents[part + 1].mkdir(parents=True)
    target.parents[part].symlink_to(theirs)
    for _ in range(2):  # also if the same is put there again
        adopt(course, LAB, "ada")
        assert target.read_text("utf-8") == ""
        shutil.rmtree(target.parents[part])
        target.parents[part].symlink_to(theirs)
    assert {path.name for path in theirs.rglob("*")} == {LAB, "work.ipynb", "pipe"}
