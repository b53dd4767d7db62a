"""What is judged again, and what is not; what would change; where a mark comes from."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.course.changes import rehearse
from autograder.course.explain import explain
from autograder.course.fingerprint import of_exam
from autograder.course.folder import Course
from autograder.course.grade import How, grade, work_of
from autograder.course.record import entries
from autograder.course.release import release
from autograder.errors import OutgrowError
from autograder.lab import Lab
from autograder.lanes import Lane, width
from tests.autograder.tiny import NAME, answered

RIGHT, WRONG = "return number + number", "return number * number"
Write = Callable[[str, str], None]


@pytest.fixture
def hand_in(course: Course) -> Write:
    def write(student: str, answer: str) -> None:
        target = course.notebook("submitted", NAME, student)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = course.notebook("release", NAME).read_text("utf-8")
        target.write_text(answered(answer, text), "utf-8")

    return write


def judged(course: Course, how: How | None = None) -> dict[str, float]:
    """The students who were judged, not kept, with what they earned."""
    marks = grade(course, NAME, how=how)
    return {m.student: m.report.earned for m in marks if m.report and not m.kept}


def moved(course: Course, tmp_path: Path, **changes: str) -> Course:
    """The course, with labs of its own in which some files read otherwise."""
    labs = tmp_path / "labs"
    (labs / NAME).mkdir(parents=True)
    for path in (course.labs / NAME).glob("*.py"):
        old, _, new = changes.get(path.stem, "").partition(" -> ")
        (labs / NAME / path.name).write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return replace(course, labs=labs)


def test_only_what_has_changed_is_judged_again_unless_it_is_asked_for(
    course: Course, hand_in: Write
):
    hand_in("ada", RIGHT)
    hand_in("ben", WRONG)
    assert judged(course) == {"ada": 2.0, "ben": 0.0}
    assert judged(course) == {}
    hand_in("ben", RIGHT)
    assert judged(course) == {"ben": 2.0}
    assert judged(course, How(again=True)) == {"ada": 2.0, "ben": 2.0}
    assert judged(course, How(unsafe=True)) == {"ada": 2.0, "ben": 2.0}


def test_a_release_of_the_same_lab_leaves_the_marks_and_their_exam(
    course: Course, lab: Lab, hand_in: Write
):
    hand_in("ada", RIGHT)
    assert judged(course)
    before = of_exam(course, NAME)
    release(course, lab)
    assert of_exam(course, NAME) == before
    assert judged(course) == {}


def test_a_changed_test_shows_first_which_marks_would_change(
    course: Course, hand_in: Write, tmp_path: Path
):
    hand_in("ada", RIGHT)
    hand_in("ben", WRONG)
    assert judged(course)
    stricter = moved(course, tmp_path, test_hidden="number = int -> number = 0 * int")
    work = work_of(stricter, NAME)
    told = {change.student: change for change in rehearse(stricter, work, How())}
    assert [change.fault for change in told.values()] == ["", ""]
    assert {name: change.points for name, change in told.items()} == {"ada": 0.0, "ben": 1.0}
    ((was, now),) = told["ben"].tests
    assert was
    assert now
    assert (was.hidden, was.outcome, now.outcome) == (True, "failed", "passed")
    assert list(rehearse(course, work, How())) == [], "nothing was booked"
    assert judged(stricter) == {"ada": 2.0, "ben": 1.0}


def test_a_changed_reference_is_a_changed_exam(course: Course, lab: Lab, tmp_path: Path):
    reference = lab.folder.parents[1] / "solutions" / "windows.py"
    asks = moved(course, tmp_path, test_hidden="@points -> import solutions.windows\n\n\n@points")
    before, text = of_exam(asks, NAME), reference.read_text("utf-8")
    try:
        reference.write_text(f"{text}\n# other\n", "utf-8")
        assert of_exam(asks, NAME) != before
    finally:
        reference.write_text(text, "utf-8")


def test_points_given_by_hand_stay_and_are_to_be_looked_at_again(course: Course, hand_in: Write):
    hand_in("ada", WRONG)
    assert judged(course)
    with Gradebook(course.gradebook, course.id) as gradebook:
        row: Any = gradebook.find_grade("double", NAME, NAME, "ada")
        row.manual_score = 1.5
        gradebook.db.commit()
    hand_in("ada", RIGHT)
    assert judged(course) == {"ada": 2.0}
    with Gradebook(course.gradebook, course.id) as gradebook:
        row = gradebook.find_grade("double", NAME, NAME, "ada")
        assert (row.auto_score, row.manual_score, row.needs_manual_grade) == (2.0, 1.5, True)


def test_a_mark_is_explained_by_its_record(course: Course, hand_in: Write):
    hand_in("ada", WRONG)
    judged(course)
    (entry,) = entries(course)
    assert (entry["student"], entry["earned"], entry["run"]["to_judge"]) == ("ada", 0.0, 1)
    assert {"python", "nbgrader"} < set(entry["run"]["versions"])
    assert all(verdict["seed"] for verdict in entry["verdicts"])
    text = "\n".join(explain(course, NAME, "ada"))
    assert "0 of 2 points" in text
    assert "gradebook  0 of 3" in text
    assert "Add the number to itself." in text
    assert text.count("is the same now") == 2
    hand_in("ada", RIGHT)
    assert "\n".join(explain(course, NAME, "ada")).count("has changed since") == 1


def test_a_record_that_was_cut_off_is_read_as_far_as_it_goes(course: Course, hand_in: Write):
    hand_in("ada", RIGHT)
    judged(course)
    (path,) = (course.private / "runs").iterdir()
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"what": "mark", "lab": NAME})[:-3])
    assert [entry["student"] for entry in entries(course)] == ["ada"]


def test_who_has_handed_in_nothing_is_said_and_not_graded(course: Course, hand_in: Write):
    hand_in("ada", RIGHT)
    with pytest.raises(OutgrowError, match="nothing of bob is here"):
        grade(course, NAME, ["bob"])
    with pytest.raises(OutgrowError, match="no run has graded bob"):
        list(explain(course, NAME, "bob"))


def test_a_gradebook_that_does_not_know_the_lab_asks_for_a_release(course: Course, hand_in: Write):
    hand_in("ada", RIGHT)
    (course.root / "gradebook.db").unlink()
    with pytest.raises(OutgrowError, match=f"outgrow course release {NAME}"):
        list(grade(course, NAME))


def test_there_are_no_more_lanes_than_cores_and_free_memory_bear(monkeypatch: pytest.MonkeyPatch):
    cores = len(os.sched_getaffinity(0))
    assert width(1000) <= cores
    assert width(1) == 1
    few = type("Memory", (), {"available": 3 * 2**30})
    monkeypatch.setattr("autograder.lanes.psutil.virtual_memory", few)
    assert width(1000) == 1


def test_a_lane_that_dies_fails_its_job_alone_and_is_replaced():
    lane = Lane([*os.sched_getaffinity(0)], int)
    try:
        assert lane.submit(os._exit, (1,)).exception()
        assert lane.submit(abs, (-1,)).result() == 1
    finally:
        lane.pool.shutdown()
