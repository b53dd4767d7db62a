"""An interactive figure, operated by the keyboard alone, and read as text."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from tests.browser.chrome import contrast, open_tab
from tests.browser.test_live import Handler

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
CONFIG = f"""INHERIT: {ROOT}/mkdocs.yml
docs_dir: docs
theme: {{custom_dir: {ROOT}/lectures/_site/overrides}}
hooks: []
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small site, built as the whole one is, with the simulator on its page."""
    folder = tmp_path_factory.mktemp("visuals")
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text("# Figures\n\n{{ visual simulator }}\n", "utf-8")
    (folder / "mkdocs.yml").write_text(CONFIG, "utf-8")
    surroundings = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    serve = partial(Handler, directory=str(folder / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()
        thread.join()


def press(figure: Locator, name: str, key: str = "Enter") -> None:
    figure.get_by_role("button", name=name, exact=True).focus()
    figure.page.keyboard.press(key)


def test_the_simulator_is_operated_by_keyboard(browser: Browser, address: str):
    with open_tab(browser, scheme="dark") as tab:
        page = tab.page
        page.emulate_media(reduced_motion="reduce")
        page.clock.install()
        page.goto(address)
        figure = page.get_by_role("region", name="A cluster to play with")
        said, facts = figure.get_by_role("status"), figure.locator(".visual-facts")
        expect(said).to_have_text("At 0.0 ms: Nothing has begun yet.")
        press(figure, "Step")
        expect(said).to_have_text("At 0.7 ms: Worker 0 starts task 0.")

        figure.get_by_label("Time").focus()
        for _ in range(8):
            page.keyboard.press("PageUp")
        expect(facts).to_contain_text("; 0 run again;")
        press(figure, "Kill it now", "Space")
        expect(said).to_contain_text("Worker 0 is gone")
        expect(said).to_contain_text("To run again: task")
        expect(facts).not_to_contain_text("; 0 run again;")

        press(figure, "Play")
        before = said.inner_text()
        expect(said).to_have_attribute("aria-live", "off")
        page.clock.run_for(1_000)
        expect(said).not_to_have_text(before)
        page.clock.run_for(120_000)
        expect(said).to_contain_text("The scheduler has all that was wanted.")
        expect(said).to_have_attribute("aria-live", "polite")

        figure.get_by_text("The same as a table").focus()
        page.keyboard.press("Enter")
        expect(figure.get_by_role("cell", name="(again)").first).to_be_visible()
        assert contrast(figure.locator(":is(p, td, th, label, button, summary)")) >= 4.5
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [rule["id"] for rule in found] == []
        figure.get_by_label("Job").select_option("shuffle 4 parts")
        expect(facts).to_contain_text("24 tasks")
    assert tab.complaints == []


def test_without_scripts_a_figure_says_what_it_would_show(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    figure = page.get_by_role("region", name="A cluster to play with")
    expect(figure.get_by_text("This figure needs JavaScript")).to_be_visible()
    expect(figure.get_by_role("button")).to_have_count(0)
    context.close()
