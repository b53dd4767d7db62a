"""A task tried in the page: written, stopped, failed, passed and kept; and where that cannot be."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from lectures._site import try_cells
from tests.browser.chrome import contrast, open_tab

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PAGE = "02_task_graphs.html"
CONFIG = f"""INHERIT: {ROOT}/mkdocs.yml
docs_dir: docs
theme: {{custom_dir: {ROOT}/lectures/_site/overrides}}
hooks: [{ROOT}/lectures/_site/hooks.py]
"""
BY_NAME = "def toposort(graph):\n    print('sorting')\n    return sorted(graph)\n"
FOR_EVER = "def toposort(graph):\n    while True:\n        pass\n"
PATIENCE = 60_000  # milliseconds to start Python, which a busy machine needs


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site, built as the whole one is, with one cell in it."""
    folder = tmp_path_factory.mktemp("live")
    (folder / "docs").mkdir()
    text = "# Task graphs\n\nA page.\n\n{{ try toposort }}\n\n## Quiz\n"
    (folder / "docs" / "02_task_graphs.md").write_text(text, "utf-8")
    (folder / "docs" / "index.md").write_text("# Home\n", "utf-8")
    (folder / "mkdocs.yml").write_text(CONFIG, "utf-8")
    surroundings = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "site"


class Handler(SimpleHTTPRequestHandler):
    """Serves files and keeps quiet about it."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Does not mind that a worker which is ended takes no more files."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with Server(("127.0.0.1", 0), partial(Handler, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{PAGE}"
        server.shutdown()
        thread.join()


def write(cell: Locator, code: str) -> None:
    """Replace what stands in the editor, by the keyboard alone."""
    cell.locator(".cm-content").focus()
    cell.page.keyboard.press("Control+a")
    cell.page.keyboard.insert_text(code)


def run(cell: Locator) -> Locator:
    cell.page.keyboard.press("Control+Enter")
    return cell.get_by_role("status")


def test_a_reader_writes_a_task_and_passes(browser: Browser, address: str):
    _, answer = try_cells.sources(try_cells.lab_of("02_task_graphs"), "toposort")
    with open_tab(browser) as tab:
        asked: list[str] = []
        tab.page.on("request", lambda request: asked.append(request.url))
        tab.page.clock.install()
        tab.page.goto(address, wait_until="networkidle")
        assert not [url for url in asked if "/live/" in url]
        cell = tab.page.get_by_role("region", name="Try it: toposort")
        cell.get_by_role("button", name="Write it here").press("Enter")
        expect(cell.get_by_role("status")).to_have_text("Python is ready.", timeout=PATIENCE)

        write(cell, BY_NAME)
        expect(run(cell)).to_have_text("0 of 3 tests pass.")
        first = cell.get_by_role("listitem").first
        expect(first).to_contain_text("✘ not yet Loading comes before cleaning")
        expect(first).to_contain_text("Hint: In each pair here the first task stands before")
        expect(cell.locator(".try-results")).to_contain_text("Your code printed:sorting")
        looks_right(cell)

        write(cell, answer)
        expect(run(cell)).to_contain_text("All tests that run here pass.")
        expect(cell.get_by_text("✔ solved")).to_be_visible()

        write(cell, FOR_EVER)
        expect(run(cell)).to_have_text("Running …")
        tab.page.clock.fast_forward(10_000)
        expect(cell.get_by_role("status")).to_contain_text("Stopped: no result after 10 seconds.")
        run(cell)
        cell.get_by_role("button", name="Stop").press("Enter")
        expect(cell.get_by_role("status")).to_have_text("Stopped.")

        comes_back(tab.page, cell)
    assert tab.complaints == []


def looks_right(cell: Locator) -> None:
    """Nothing too wide, too faint or unnamed, in both schemes and at 360 pixels."""
    page = cell.page
    page.set_viewport_size({"width": 360, "height": 800})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body")).to_have_attribute(
            "data-md-color-scheme", {"light": "default", "dark": "slate"}[scheme]
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        words = cell.locator(":is(p, li, code, pre, b, summary, strong, .cm-line span)")
        assert contrast(words) >= 4.5, scheme
    found = Axe().run(page, context=".try", options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 1280, "height": 800})


def comes_back(page: Page, cell: Locator) -> None:
    """What was written and solved is there after a reload, until it is put back."""
    page.reload()
    expect(cell.get_by_text("✔ solved")).to_be_visible()
    cell.get_by_role("button", name="Go on writing").click()
    editor = cell.get_by_role("textbox", name="Your code for toposort")
    expect(editor).to_contain_text("while True:")
    cell.get_by_role("button", name="Reset").click()
    expect(editor).to_contain_text("raise NotImplementedError")
    expect(cell.get_by_text("✔ solved")).to_be_hidden()


def test_hints_come_one_by_one(browser: Browser, address: str):
    with open_tab(browser) as tab:
        tab.page.goto(address)
        second = tab.page.get_by_text("Hint 2 of 3")
        expect(second).to_be_hidden()
        tab.page.get_by_text("Hint 1 of 3").focus()
        tab.page.keyboard.press("Enter")
        expect(second).to_be_visible()
        expect(tab.page.get_by_text("Hint 3 of 3")).to_be_hidden()
    assert tab.complaints == []


@pytest.mark.parametrize("way", ["from a folder", "without scripts"])
def test_where_python_cannot_run_the_cell_says_what_to_do(
    browser: Browser, site: Path, address: str, way: str
):
    context = browser.new_context(java_script_enabled=way == "from a folder")
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto((site / PAGE).as_uri() if way == "from a folder" else address)
    cell = page.get_by_role("region", name="Try it: toposort")
    expect(cell.get_by_text("outgrow start 02_task_graphs")).to_be_visible()
    expect(cell.get_by_role("button")).to_have_count(0)
    expect(cell.get_by_text("Chains may be 100,000 tasks long.")).to_be_visible()
    context.close()
    assert errors == []
