"""A student's day in JupyterLab: open the bundle, fail a check, pass it, save, be graded."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
import psutil
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autograder.course.collect import collect
from autograder.course.folder import Course
from autograder.course.grade import grade
from autograder.judge.verdict import score
from tests.browser.chrome import contrast, open_tab
from tests.browser.conftest import CHECKOUT, LAB

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals to a process group"),
]
ANSWERS = CHECKOUT / "labs" / LAB / "answers"
RIGHT = (ANSWERS / "right" / "toposort_generations.py").read_text("utf-8")
WRONG = (ANSWERS / "wrong" / "toposort_by_name.py").read_text("utf-8")


@contextmanager
def started(folder: Path, home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`outgrow start FOLDER`, in a session of its own as in a terminal, and its URL."""
    outgrow = Path(sys.executable).with_name("outgrow")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    with subprocess.Popen(
        [outgrow, "start", folder, "--no-browser"],
        env=kept | {"HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        try:
            lines = (line.partition("JupyterLab: ")[2].strip() for line in process.stdout)
            yield process, next(url for url in lines if url)
        finally:
            process.terminate()
            process.wait(60)
            with suppress(ProcessLookupError):  # what it should have ended itself
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def bundle(released: Course, tmp_path: Path) -> Path:
    """A student's unpacked bundle."""
    shutil.unpack_archive(released.root / "bundles" / f"{LAB}.zip", tmp_path / "home")
    return tmp_path / "home" / LAB


def cell(page: Page, text: str) -> Locator:
    """The code cell whose source begins with `text`."""
    source = page.locator(".cm-content").filter(has_text=text)
    return page.locator(".jp-Notebook .jp-CodeCell").filter(has=source)


def wait_for_notebook(page: Page, notebook: Path) -> None:
    cells = len(nbformat.read(notebook, as_version=4).cells)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(cells, timeout=60_000)
    idle = page.locator('.jp-NotebookPanel [data-status="idle"]')
    expect(idle).to_be_visible(timeout=60_000)


def choose(page: Page, menu: str, *items: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    for item in items:
        page.locator(".lm-Menu-item").get_by_text(item, exact=True).click()


def run_all_above(page: Page, check: Locator) -> None:
    check.locator(".jp-InputPrompt").click()
    choose(page, "Run", "Run All Above Selected Cell")


def run_check(page: Page, check: Locator, outcome: str) -> Locator:
    """Run a check cell; its table, once it says `outcome`."""
    check.locator(".jp-InputPrompt").click()
    page.keyboard.press("Shift+Enter")
    table = check.locator(".outgrow-check")
    expect(table).to_contain_text(outcome, timeout=60_000)
    return table


def answer(page: Page, task: Locator, text: str) -> None:
    """Put `text` in the place of a cell's source, and run the cell."""
    task.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")


def save(page: Page) -> None:
    def saves(response: object) -> bool:
        request = response.request  # type: ignore[attr-defined]
        return request.method == "PUT" and "/api/contents/" in request.url

    with page.expect_response(saves) as response:
        page.keyboard.press("ControlOrMeta+s")
    assert response.value.ok


def solve_toposort(page: Page) -> None:
    """Check the untouched cell, answer it wrongly, then rightly."""
    task, check = cell(page, "def toposort"), cell(page, 'check("toposort")')
    run_all_above(page, check)
    untouched = run_check(page, check, "0 of 3 points")
    expect(untouched).to_contain_text("not answered yet")
    answer(page, task, WRONG)
    failed = run_check(page, check, "Hint:")
    expect(failed).to_contain_text("expected []")
    readable_in_both_themes(page, failed)
    answer(page, task, RIGHT)
    run_check(page, check, "3 of 3 points")


def readable_in_both_themes(page: Page, table: Locator) -> None:
    for theme, light in (("JupyterLab Dark", "false"), ("JupyterLab Light", "true")):
        choose(page, "Settings", "Theme", theme)
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light)
        assert contrast(table.locator("*")) >= 4.5, theme


def test_a_students_day(
    released: Course,
    copied: Callable[[Course], Course],
    browser: Browser,
    bundle: Path,
    tmp_path: Path,
):
    notebook = bundle / f"{LAB}.ipynb"
    with started(bundle, tmp_path / "home") as (process, url):
        with open_tab(browser) as tab:
            tab.page.goto(url)
            wait_for_notebook(tab.page, notebook)
            solve_toposort(tab.page)
            save(tab.page)
        everything = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 0
    assert psutil.wait_procs(everything, 30)[1] == []
    assert tab.complaints == []

    course = copied(released)
    (tmp_path / "inbox" / "ada").mkdir(parents=True)
    shutil.copy(notebook, tmp_path / "inbox" / "ada")
    assert [c.result for c in collect(course, LAB, tmp_path / "inbox")] == ["new"]
    (mark,) = grade(course, LAB)
    assert mark.report
    assert {v.outcome for v in mark.report.of("toposort")} == {"passed"}
    assert score(mark.report.verdicts) == score(mark.report.of("toposort"))
    assert mark.report.notes == ()


def test_a_student_finds_no_teachers_tools(browser: Browser, bundle: Path, tmp_path: Path):
    with (
        started(bundle, tmp_path / "home") as (process, url),
        open_tab(browser) as tab,
    ):
        tab.page.goto(url)
        wait_for_notebook(tab.page, bundle / f"{LAB}.ipynb")
        for text in ("Nbgrader", "Validate", "Create Assignment", "Jupyter news"):
            expect(tab.page.get_by_text(text)).to_have_count(0)
        everything = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGHUP)
        assert process.wait(60) == 0
    assert everything
    assert psutil.wait_procs(everything, 30)[1] == []
