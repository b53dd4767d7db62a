"""The interactive figures, operated by the keyboard alone, and read as text."""

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
from playwright.sync_api import Browser, Locator, Page, expect

from lectures._site.visuals import VISUALS
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
    """A small site, built as the whole one is, with the simulator on a page of its own."""
    folder = tmp_path_factory.mktemp("visuals")
    (folder / "docs").mkdir()
    others = [f"{{{{ visual {name} }}}}" for name in VISUALS if name != "simulator"]
    pages = {"index.md": ["{{ visual simulator }}"], "others.md": others}
    for name, figures in pages.items():
        text = "\n\n".join(["# Figures", *figures])
        (folder / "docs" / name).write_text(f"{text}\n", "utf-8")
    (folder / "mkdocs.yml").write_text(CONFIG, "utf-8")
    surroundings = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    serve = partial(Handler, directory=str(folder / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
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
        page.goto(f"{address}/index.html")
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


@pytest.fixture(scope="module")
def others(browser: Browser, address: str) -> Iterator[Page]:
    """A tab with all figures but the simulator, whose clock the tests move."""
    with open_tab(browser) as tab:
        tab.page.emulate_media(reduced_motion="reduce")
        tab.page.clock.install()
        tab.page.goto(f"{address}/others.html")
        yield tab.page
        assert tab.complaints == []


def found(page: Page, name: str) -> tuple[Locator, Locator]:
    """A figure, and what it says."""
    figure = page.get_by_role("region", name=VISUALS[name][0])
    figure.scroll_into_view_if_needed()
    return figure, figure.get_by_role("status")


def keys(control: Locator, *pressed: str) -> None:
    control.focus()
    for key in pressed:
        control.page.keyboard.press(key)


def test_the_calculator_divides_and_rounds_up(others: Page):
    figure, said = found(others, "machines")
    expect(said).to_contain_text("800 GB. Divided by 128 GB: 6.25. Rounded up: 7 machines.")
    own = figure.get_by_label("My factor")
    expect(own).to_be_hidden()
    keys(figure.get_by_label("Rule"), "ArrowDown", "ArrowDown")
    keys(own, "Control+a", "1", ".", "1")
    expect(said).to_contain_text("100 GB × 1.1 = 110 GB.")
    expect(figure.get_by_role("row", name="64 2", exact=True)).to_be_visible()
    keys(figure.get_by_label("Data in memory, GB"), "Control+a", "0")
    expect(said).to_contain_text("Both sizes are whole numbers")


def test_amdahls_curve_follows_two_sliders(others: Page):
    figure, said = found(others, "amdahl")
    expect(said).to_contain_text("16 workers are 9.1 times as fast as one.")
    keys(figure.get_by_role("slider", name="Workers"), "End")
    expect(said).to_contain_text("1,024 workers are 19.6 times as fast as one.")
    keys(figure.get_by_role("slider", name="Work that can be shared out"), "End")
    expect(said).to_contain_text("There is no limit.")
    keys(figure.get_by_text("The same as a table"), "Enter")
    expect(figure.get_by_role("cell", name="512").first).to_be_visible()


def test_the_memory_of_a_worker_fills_up(others: Page):
    figure, said = found(others, "memory")
    expect(said).to_contain_text("All results are in memory; its process takes 65 %.")
    keys(figure.get_by_role("slider", name="(managed)"), "End")
    expect(said).to_contain_text("Results worth 55 % are on its disk; its process takes 60 %.")
    keys(figure.get_by_role("slider", name="(unmanaged)"), "End")
    expect(said).to_contain_text("The nanny ends it and starts a new one.")
    expect(figure.get_by_role("row", name="terminate 95 %").get_by_text("yes")).to_be_visible()


def test_the_map_says_which_partitions_are_read(others: Page):
    figure, said = found(others, "map")
    expect(said).to_have_text(
        "The keys 13 to 18: 6 rows. 2 of 8 partitions must be read, with 8 rows."
    )
    keys(figure.get_by_label("Wanted"), "ArrowDown")
    keys(figure.get_by_role("slider", name="First key"), "Home", "ArrowRight")
    expect(said).to_contain_text("The key 1: 1 row. 1 of 8 partitions must be read")
    keys(figure.get_by_label("Known of partitions"), "ArrowDown")
    expect(said).to_contain_text("8 of 8 partitions must be read, with 32 rows.")
    keys(figure.get_by_text("The same as a table"), "Enter")
    expect(figure.get_by_role("row", name="0 4 0 – 3 yes 1")).to_be_visible()


def test_records_are_moved_step_by_step_and_played(others: Page):
    figure, said = found(others, "shuffle")
    expect(said).to_have_text("3 map tasks have a line each.")
    press(figure, "Step")
    expect(said).to_contain_text("16 words give 16 records. None has been moved.")
    keys(figure.get_by_label("Combiner"), "ArrowDown")
    keys(figure.get_by_role("slider", name="Step"), "ArrowRight", "ArrowRight")
    expect(said).to_contain_text("1 of 14 records moved: map 0 sends be 2 to reducer")
    press(figure, "Play", "Space")
    expect(said).to_have_attribute("aria-live", "off")
    others.clock.run_for(60_000)
    expect(said).to_contain_text("All 14 records have been moved")
    expect(said).to_have_attribute("aria-live", "polite")
    expect(figure.get_by_text("Results: reducer 0:")).to_contain_text("be 4")
    expect(figure.get_by_role("button", name="Play")).to_be_visible()
    motion = "e => getComputedStyle(e).transitionProperty"
    assert figure.locator(".visual-record").first.evaluate(motion) == "none"


def test_all_figures_can_be_read(others: Page):
    """Nothing too wide, too faint or unnamed, in both schemes and at 360 pixels."""
    for name in VISUALS:
        if name != "simulator":
            expect(found(others, name)[1]).not_to_be_empty()
    for width, scheme in ((1280, "light"), (360, "dark")):
        others.set_viewport_size({"width": width, "height": 800})
        others.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        slate = {"light": "default", "dark": "slate"}[scheme]
        expect(others.locator("body")).to_have_attribute("data-md-color-scheme", slate)
        assert others.evaluate("document.documentElement.scrollWidth") <= width
        words = others.locator(".visual :is(p, td, th, label, button, summary, span)")
        assert contrast(words) >= 4.5, scheme
        broken = Axe().run(others, options={"resultTypes": ["violations"]}).response["violations"]
        assert [rule["id"] for rule in broken] == []


def test_without_scripts_a_figure_says_what_it_would_show(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/index.html")
    figure = page.get_by_role("region", name="A cluster to play with")
    expect(figure.get_by_text("This figure needs JavaScript")).to_be_visible()
    expect(figure.get_by_role("button")).to_have_count(0)
    context.close()
