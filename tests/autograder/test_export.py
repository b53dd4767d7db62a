"""The marks' tables: their columns are the other systems', what is not there is blank, and no cell
does anything in a spreadsheet."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.commands import outgrow
from autograder.course import export
from autograder.course.folder import Course
from autograder.course.roster import read_roster
from autograder.errors import OutgrowError
from tests.autograder.gradebooks import LAB, OTHER, add_lab, course_with, gradebook, mark

DUE = "[due]\n02_lab = 2026-12-01T23:59:00Z\n[late]\npenalty = 0.2\n"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", '"=1', "'=1", "\u00a0=1",
        "\ufeff=1", "\u200b=1", "＝1", "＋1", "－1", "＠1", "−1", "|cmd", "%0A=1", "“=1", " ' =1",
        "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example")', "\x1b[31m=1", "ada;=1",
    ],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_text(text: str):
    file = io.StringIO()
    csv.writer(file).writerow([export.inert(text), 1.5])
    (row,) = csv.reader(io.StringIO(file.getvalue()))
    assert row[0][0] in "'a⟨"
    assert row[0].isprintable()
    for separator in (";", "\t"):
        (other,) = csv.reader(io.StringIO(file.getvalue()), delimiter=separator)
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in other)


@pytest.mark.parametrize("text", ["ada", "ada.b-c@uni.example", "Ångström, A.", "02_lab", "a+b=c"])
def test_an_honest_name_stays_as_it_is(text: str):
    assert export.inert(text) == text


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two labs. Ada is late; ben's answer waits, cy's code could not be judged, di has all; only
    ada did the other lab; eve did nothing."""
    course = course_with(tmp_path_factory.mktemp("class") / "course", DUE)
    with gradebook(course) as book:
        add_lab(book, written=4)
        add_lab(book, OTHER)
        mark(book, "ada", 8, 3)
        mark(book, "ben", 7)
        mark(book, "cy", None, 1)
        mark(book, "di", 10, 4)
        mark(book, "ada", 1 / 3, lab=OTHER)
        book.update_or_create_student("eve", last_name="Ève, E.", email="=eve@uni.example")
    stamp = course.notebook("submitted", LAB, "ada").with_name("timestamp.txt")
    stamp.parent.mkdir(parents=True)
    stamp.write_text("2026-12-02 12:00:00.0 UTC")
    return course


def written(found: export.Table, tmp_path: Path) -> list[dict[str, str]]:
    export.write(found, tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def roster(tmp_path: Path, text: str) -> Any:
    (tmp_path / "roster.csv").write_text(text, "utf-8-sig")
    return read_roster(tmp_path / "roster.csv")


def test_ours_has_a_row_for_each_submission(course: Course, tmp_path: Path):
    rows = written(export.table(course), tmp_path)
    assert tuple(rows[0]) == export.OURS
    assert [list(row.values())[:5] for row in rows] == [
        ["ada", LAB, "8.2", "14.0", "8.0"],
        ["ada", OTHER, "0.333333", "10.0", "0.333333"],
        ["ben", LAB, "7.0", "14.0", "7.0"],
        ["cy", LAB, "", "14.0", ""],
        ["di", LAB, "14.0", "14.0", "10.0"],
    ]
    assert [row["late_penalty"] for row in rows] == ["2.8", "0.0", "0.0", "0.0", "0.0"]
    assert [row["needs_manual_grade"] for row in rows] == [
        "False",
        "False",
        "True",
        "True",
        "False",
    ]


def test_canvas_gets_its_columns_its_points_row_and_no_zero_for_what_is_not_there(
    course: Course, tmp_path: Path
):
    known = roster(
        tmp_path,
        "student,Student,ID,SIS Login ID,Section,Hat\n"
        'ada,"Lovelace, Ada",11,al1,B1,red\n'
        "ben,Ben,12,b2,B1,\neve,Eve,13,e3,B2,\ncy,Cy,14,c4,B2,\n",
    )
    found = export.table(course, "canvas", known)
    assert found.left_out == ("di",)
    points, *rows = written(found, tmp_path)
    assert tuple(points) == (
        "Student", "ID", "SIS User ID", "SIS Login ID", "Section", LAB, OTHER,
    )  # fmt: skip
    assert list(points.values()) == ["Points Possible", "", "", "", "", "14.0", "10.0"]
    assert [list(row.values()) for row in rows] == [
        ["Lovelace, Ada", "11", "", "al1", "B1", "8.2", "0.333333"],
        ["Ben", "12", "", "b2", "B1", "", ""],
        ["Cy", "14", "", "c4", "B2", "", ""],
        ["Eve", "13", "", "e3", "B2", "", ""],
    ]


def test_without_a_roster_the_student_s_name_is_the_login(course: Course, tmp_path: Path):
    _, ada, *_ = written(export.table(course, "canvas", labs=[OTHER]), tmp_path)
    assert (ada["Student"], ada["SIS Login ID"], ada[OTHER]) == ("ada", "ada", "0.333333")
    assert LAB not in ada
    rows = written(export.table(course, "moodle"), tmp_path)
    assert list(rows[0]) == ["Username", LAB, OTHER]
    assert [row["Username"] for row in rows] == ["ada", "ben", "cy", "di"]


def test_moodle_gets_only_students_whom_it_can_find(course: Course, tmp_path: Path):
    """A line without a student would be booked for the student before it."""
    known = roster(tmp_path, "student,Email address,Last name\nada,a@uni.example,L\nben,,B\n")
    found = export.table(course, "moodle", known)
    assert found.left_out == ("ben", "cy", "di")
    (ada,) = written(found, tmp_path)
    assert list(ada.items())[:3] == [
        ("Last name", "L"), ("Email address", "a@uni.example"), (LAB, "8.2"),
    ]  # fmt: skip


def test_nbgrader_s_columns_with_blanks_for_what_is_not_there(course: Course, tmp_path: Path):
    rows = written(export.table(course, "nbgrader"), tmp_path)
    assert ",".join(rows[0]) == (
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,"
        "late_submission_penalty,score,max_score"
    )
    found = {(row["student_id"], row["assignment"]): row for row in rows}
    assert len(found) == len(rows) == 10
    ada = found["ada", LAB]
    assert (ada["raw_score"], ada["score"], ada["late_submission_penalty"]) == (
        "11.0",
        "8.2",
        "2.8",
    )
    assert (ada["duedate"], ada["timestamp"]) == ("2026-12-01 23:59:00", "2026-12-02 12:00:00")
    assert found["cy", LAB]["score"] == found["cy", LAB]["raw_score"] == ""
    eve = found["eve", LAB]
    assert (eve["last_name"], eve["email"], eve["score"]) == ("Ève, E.", "'=eve@uni.example", "")


def test_a_roster_that_cannot_serve_is_refused(course: Course, tmp_path: Path):
    with pytest.raises(OutgrowError, match="It takes: First name, Last name, ID number"):
        export.table(course, "moodle", roster(tmp_path, "student,matriculation\nada,7\n"))
    with pytest.raises(OutgrowError, match="there is no column `student`"):
        roster(tmp_path, "name,Email address\nada,a@uni.example\n")
    with pytest.raises(OutgrowError, match="ada is in it twice"):
        roster(tmp_path, "student,Username\nada,a\nada,b\n")


def test_where_nothing_is_graded_there_is_nothing_to_export(tmp_path: Path):
    course = course_with(tmp_path / "course")
    with pytest.raises(OutgrowError, match="outgrow course grade LAB"):
        export.table(course)
    assert not (course.root / "gradebook.db").exists()


def test_the_command_says_whom_it_left_out(course: Course, tmp_path: Path):
    (tmp_path / "roster.csv").write_text("student,Username\nada,al1\n", "utf-8")
    options = ["--format", "moodle", "--roster", tmp_path / "roster.csv", "--course", course.root]
    done = CliRunner().invoke(outgrow, ["course", "export", *map(str, options)])
    assert done.exit_code == 3
    assert done.stdout.splitlines() == [f"Username,{LAB},{OTHER}", "al1,8.2,0.333333"]
    assert done.stderr == "not in the roster, left out: ben, cy, di\n"
