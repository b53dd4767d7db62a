"""A gradebook that several use at once: in PostgreSQL by URL, and in SQLite."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect

from autograder.course.booked import read_marks
from autograder.course.collect import collect
from autograder.course.database import make, opened
from autograder.course.folder import Course, open_course
from autograder.course.frame import nbgrader_api, quietly, require_success, write_feedback
from autograder.course.judging import Judged, judge_one
from autograder.errors import OutgrowError
from tests.autograder.class_work import book_all
from tests.autograder.gradebooks import course_with
from tests.autograder.postgres import PASSWORD, Server, postgres
from tests.autograder.test_course import nbgrader
from tests.autograder.tiny import NAME, answered

VARIABLE = "OUTGROW_TEST_GRADEBOOK"
LONG_AGO = f"[due]\n{NAME} = 2020-01-01T00:00:00Z\n[late]\npenalty = 0.1\nat_most = 0.5\n"
CLASSES = ([f"a{n:02}" for n in range(20)], [f"b{n:02}" for n in range(20)])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as server:
        yield server


def on_postgres(
    course: Course, url: str, monkeypatch: pytest.MonkeyPatch, more: str = ""
) -> Course:
    """The same course with its gradebook elsewhere, and nothing in it but the released lab."""
    monkeypatch.setenv(VARIABLE, url)
    file = course.root / "course.toml"
    file.write_text(f'{file.read_text("utf-8")}gradebook = "${VARIABLE}"\n{more}', "utf-8")
    (course.root / "gradebook.db").unlink(missing_ok=True)
    moved = open_course(course.root)
    require_success(quietly(nbgrader_api(moved).generate_assignment, NAME), "releasing")
    return moved


@pytest.fixture(params=["postgres", "sqlite"])
def shared(
    request: pytest.FixtureRequest, course: Course, monkeypatch: pytest.MonkeyPatch
) -> Course:
    """A course with one lab released, on either database."""
    if request.param == "sqlite":
        return course
    server: Server = request.getfixturevalue("server")
    return on_postgres(course, server.create(f"grades{os.getpid()}"), monkeypatch)


@pytest.fixture
def judged(shared: Course, tmp_path: Path) -> Judged:
    """What is booked for everybody: a right answer."""
    text = shared.notebook("release", NAME).read_text("utf-8")
    (tmp_path / "inbox").mkdir()
    for student in ("ada", *CLASSES[0], *CLASSES[1]):
        (tmp_path / "inbox" / f"{student}.ipynb").write_text(answered("return 2 * number", text))
    assert all(one.result == "new" for one in collect(shared, NAME, tmp_path / "inbox"))
    return judge_one(shared, NAME, "ada")


def act_as_formgrader(course: Course, jobs: list[Future[int]]) -> set[float]:
    """Look at the lists and give points by hand, again and again, as long as others grade."""
    given: set[float] = set()
    while not (done := all(job.done() for job in jobs)) or not given:
        quietly(nbgrader_api(course).get_submissions, NAME)
        read_marks(course)
        with opened(course) as book:
            grade: Any = book.find_grade("double", NAME, NAME, "ada")
            grade.manual_score = len(given) / 100
            book.db.commit()
            given.add(grade.manual_score)
        if done:
            break
    return given


def test_two_graders_and_formgrader_use_one_gradebook_at_once(shared: Course, judged: Judged):
    book_all(shared.root, judged, ["ada"])
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        jobs = [pool.submit(book_all, shared.root, judged, students) for students in CLASSES]
        given = act_as_formgrader(shared, jobs)
        assert [job.result() for job in jobs] == [20, 20]
    marks = read_marks(shared)
    assert {one.student for one in marks.booked.values()} == {"ada", *CLASSES[0], *CLASSES[1]}
    scores = {s: one.score for (s, _), one in marks.booked.items()}
    assert scores.pop("ada") == max(given)
    assert set(scores.values()) == {2.0}
    assert len(list((shared.root / "autograded").glob("*/*/*.ipynb"))) == 41


def test_an_empty_database_is_made_once_however_many_come(
    server: Server, course: Course, monkeypatch: pytest.MonkeyPatch
):
    url = server.create("empty")
    monkeypatch.setenv(VARIABLE, url)
    file = course.root / "course.toml"
    file.write_text(f'{file.read_text("utf-8")}gradebook = "${VARIABLE}"\n', "utf-8")
    moved = open_course(course.root)
    with pytest.raises(OutgrowError, match="nothing has been graded"), opened(moved):
        pass
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, [moved] * 4))
    engine = create_engine(url)
    assert {"assignment", "alembic_version"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_nbgrader_s_own_commands_work_on_it(
    server: Server, course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    moved = on_postgres(course, server.create("own"), monkeypatch, LONG_AGO)
    text = moved.notebook("release", NAME).read_text("utf-8")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "ada.ipynb").write_text(answered("return 2 * number", text))
    list(collect(moved, NAME, tmp_path / "inbox"))
    nbgrader(moved, "autograde", NAME)
    assert read_marks(moved).booked["ada", NAME].score == 0.5
    (page,) = write_feedback(moved, NAME)
    assert "<strong>0.5</strong> of 3 points, 1.5 taken off for lateness" in page.read_text("utf-8")
    assert not (moved.root / "gradebook.db").exists()


# --- what is wrong is said, without the password ----------------------------------------------


def refused(tmp_path: Path, url: str) -> str:
    course = course_with(tmp_path / "course", f'gradebook = "{url}"\n')
    with pytest.raises(OutgrowError) as error:
        make(course)
    assert repr(course).count("postgres") == 0
    told = str(error.value)
    for secret in (PASSWORD, "p%40ss", "hunter2"):
        assert secret not in told
    assert "course.toml" in told
    return told


def test_a_wrong_password_is_said_and_not_shown(server: Server, tmp_path: Path):
    said = refused(tmp_path, server.url("postgres", "hunter2"))
    assert "password authentication failed" in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://me:hunter2@127.0.0.1:1/grades", "the gradebook cannot be used"),
        ("postgresql://me@127.0.0.1:1/grades?password=hunter2", "the gradebook cannot be used"),
        ("postgresql://me:hunter2@host:port/grades", "the gradebook's URL cannot be read"),
        ("mysql://me:hunter2@127.0.0.1/grades", "the gradebook's URL is not PostgreSQL's"),
        ("postgresql://", "the gradebook's URL is not PostgreSQL's"),
        ("$OUTGROW_NOT_SET", "is in $OUTGROW_NOT_SET, which is not set"),
    ],
)
def test_a_gradebook_that_is_not_there_is_said(tmp_path: Path, url: str, said: str):
    assert said in refused(tmp_path, url)


def test_a_missing_driver_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = refused(tmp_path, "postgresql://me:hunter2@127.0.0.1:1/grades")
    assert "psycopg is not installed" in said
    assert "uv sync --extra postgres" in said
