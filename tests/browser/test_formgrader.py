"""An instructor in formgrader: the marks are ours, the button is ours, and a comment arrives."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy.exc import SAWarning

from autograder.course.folder import Course
from autograder.course.frame import write_feedback
from tests.browser.chrome import open_tab, refused_by_policy, wait_until
from tests.browser.conftest import LAB, PLANT

pytestmark = pytest.mark.slow
START_SECONDS = 60.0


@contextmanager
def gradebook(course: Course) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        with Gradebook(course.gradebook, course.id) as found:
            yield found


def marks(course: Course, student: str) -> dict[str, tuple[float | None, float | None]]:
    """Each cell's automatic and manual score."""
    with gradebook(course) as book:
        (notebook,) = book.find_submission(LAB, student).notebooks
        return {grade.name: (grade.auto_score, grade.manual_score) for grade in notebook.grades}


def total(course: Course, student: str) -> str:
    """A submission's mark as formgrader writes it."""
    with gradebook(course) as book:
        found = book.find_submission(LAB, student)
        return f"{round(found.score, 2):g} / {round(found.max_score, 2):g}"


@pytest.fixture(scope="module")
def course(graded: Course, copied: Callable[[Course], Course]) -> Course:
    """The graded course, but for dmitri, whose submission still waits for the autograder."""
    course = copied(graded)
    with gradebook(course) as book:
        book.remove_submission(LAB, "dmitri")
    shutil.rmtree(course.root / "autograded" / "dmitri")
    return course


@pytest.fixture(scope="module")
def address(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`jupyter lab` in the course directory, as the handbook tells instructors to start it."""
    home, token = tmp_path_factory.mktemp("home"), secrets.token_urlsafe()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    ours = {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home), "JUPYTER_TOKEN": token}
    root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port=0", *root]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=course.root, env=kept | ours, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield f"http://127.0.0.1:{port(home, server)}/formgrader?token={token}"
    finally:
        server.terminate()
        server.wait(30)


def port(runtime: Path, server: subprocess.Popen[bytes]) -> int:
    """The port that the server took, from the file in which it says so."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        for file in runtime.glob("jpserver-*.json"):
            with suppress(ValueError, KeyError):
                return int(json.loads(file.read_text("utf-8"))["port"])
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.05)
    raise AssertionError((runtime / "log").read_text("utf-8"))


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Formgrader's first page, in a tab where nothing goes wrong and which asks nobody but us."""
    with open_tab(browser) as tab:
        tab.page.goto(address)
        yield tab.page
    assert tab.complaints == []


def go(page: Page, place: str) -> None:
    """Open a page of formgrader in the same tab."""
    page.goto(f"{page.url.partition('/formgrader')[0]}/formgrader/{place}")


def row(page: Page, student: str) -> Locator:
    name = page.locator(".student-id").get_by_text(student, exact=True)
    return page.locator("#main-table tr").filter(has=name)


def open_submission(page: Page, student: str) -> None:
    go(page, f"gradebook/{LAB}/{LAB}")
    link = page.locator("a.name-shown").get_by_text(student, exact=True)
    go(page, str(link.get_attribute("href")).partition("/formgrader/")[2])
    wait_until(page, "window.formgrader?.loaded && formgrader.grades.loaded")


def test_the_lab_and_its_marks_are_listed(page: Page, course: Course):
    expect(page.locator("#main-table")).to_contain_text(LAB)
    go(page, f"manage_submissions/{LAB}")
    for student in ("henrik", "mallory"):
        expect(row(page, student).locator(".score")).to_have_text(total(course, student))


def test_the_autograde_button_gives_the_same_marks(page: Page, course: Course, graded: Course):
    go(page, f"manage_submissions/{LAB}")
    expect(row(page, "dmitri")).to_contain_text("needs autograding")
    row(page, "dmitri").locator(".autograde a").click()
    expect(page.locator("#success-modal")).to_be_visible(timeout=120_000)

    assert marks(course, "dmitri") == marks(graded, "dmitri")
    expect(row(page, "dmitri").locator(".score")).to_have_text(total(graded, "dmitri"))


def test_a_grader_gives_points_and_a_comment(page: Page, course: Course):
    with gradebook(course) as book:
        before = book.find_submission(LAB, "mallory").score
    open_submission(page, "mallory")
    answer = page.locator(".nbgrader_cell").filter(has=page.locator("#one_order"))
    for field, text in ((".score", "1.5"), (".comment", "Say how to <b>check</b> an order.")):
        with page.expect_response(lambda r: r.request.method == "PUT") as response:
            answer.locator(field).fill(text)
            page.keyboard.press("Tab")
        assert response.value.ok

    with gradebook(course) as book:
        assert book.find_submission(LAB, "mallory").score == before + 1.5
    (feedback,) = write_feedback(course, LAB, ["mallory"])
    page.goto(feedback.as_uri())
    told = page.get_by_role("region", name="one_order")
    expect(told).to_contain_text("1.5 of 2")
    expect(told).to_contain_text("Say how to <b>check</b> an order.")


def test_a_planted_script_is_text_to_the_grader(page: Page):
    open_submission(page, "mallory")
    for place in ("written", "noted", "printed", "raised"):
        expect(page.locator("#notebook").get_by_text(f"{place} {PLANT}").first).to_be_visible()
    assert page.locator("#notebook a, #notebook svg, #notebook img").count() == 0
    expect(page.locator("#notebook").get_by_text("turned ⟨U+202E⟩ round").first).to_be_visible()
    assert page.evaluate("window.planted") is None


def test_even_what_got_in_would_not_run_nor_fetch(browser: Browser, address: str):
    with open_tab(browser) as tab:
        tab.page.goto(address)
        open_submission(tab.page, "mallory")
        tab.page.locator("span.glyphicon-eye-open.name-hidden").click()
        expect(tab.page.locator(".live-notebook a.name-shown")).to_have_text("mallory")
        assert tab.complaints == []
        refused_by_policy(tab)


def test_a_folder_s_name_is_text_in_the_list(page: Page, course: Course):
    named = f"{PLANT[: PLANT.index('>')]}>"
    (course.root / "submitted" / named / LAB).mkdir(parents=True)
    go(page, f"manage_submissions/{LAB}")
    expect(page.locator(".student-id").get_by_text(named)).to_be_visible()
    assert page.evaluate("window.planted") is None
