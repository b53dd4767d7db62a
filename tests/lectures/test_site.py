"""The whole site in a real browser: nothing from elsewhere, nothing broken, nothing too wide."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.lectures.conftest import once
from tests.lectures.survey import TYPES, Seen, names, survey

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seen(
    browser: Browser, site: Path, address: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Seen]:
    """What one visit to each page has shown."""
    notes = once(tmp_path_factory, "seen", lambda _: survey(browser, site, address))
    return {name: Seen(**page) for name, page in notes.items()}


def test_no_page_asks_elsewhere_or_complains(seen: dict[str, Seen]):
    assert {name: page.complaints for name, page in seen.items() if page.complaints} == {}


def test_no_page_is_wider_than_its_window(seen: dict[str, Seen]):
    assert {name: page.too_wide for name, page in seen.items() if page.too_wide} == {}


def test_text_stands_out_in_both_schemes(seen: dict[str, Seen]):
    found = {(name, how): c for name, page in seen.items() for how, c in page.contrast.items()}
    assert {how: c for how, c in found.items() if c < 4.5} == {}


def test_there_are_no_barriers(seen: dict[str, Seen]):
    assert set(TYPES) <= set(seen)
    assert {name: page.barriers for name, page in seen.items() if page.barriers} == {}


def test_every_link_inside_the_site_leads_to_a_page_and_a_place(seen: dict[str, Seen]):
    broken = [
        f"{name} -> {link}"
        for name, page in seen.items()
        for link in page.links
        if link.startswith("/") and not _leads(link, seen)
    ]
    assert broken == []


def _leads(link: str, seen: dict[str, Seen]) -> bool:
    path, anchor = urldefrag(link)
    name = unquote(path).partition("?")[0].lstrip("/") or "index.html"
    return name in seen and (not anchor or unquote(anchor) in seen[name].places)


def test_pages_have_one_heading_each_and_no_id_twice(seen: dict[str, Seen]):
    for name, page in seen.items():
        assert page.headings == 1, name
        assert sorted(page.ids) == sorted(set(page.ids)), name


def test_no_page_is_heavier_than_300_kb(site: Path):
    weights = {name: _weight(site, name) for name in names(site)}
    assert {name: weight for name, weight in weights.items() if weight > 300_000} == {}


def _weight(site: Path, name: str) -> int:
    """Bytes, gzipped, that a browser fetches for a page: what it names, what every page loads, and
    the modules of the figures where it has some. Cells that run Python load when they are opened.
    """
    page = site / name
    text = page.read_text("utf-8")
    named = re.findall(r'(?:href|src)="([^":?]+\.(?:css|js|svg))"', text)
    files = {page, *((page.parent / link).resolve() for link in named if link[0] != "/")}
    files |= {site / link[1:] for link in named if link[0] == "/"}  # 404.html stands anywhere
    files |= {site / "search" / "search_index.json", *site.glob("assets/javascripts/workers/*.js")}
    if 'class="visual"' in text:
        files |= set((site / "assets" / "visuals").glob("*.mjs"))
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


def test_the_search_finds_a_word_of_a_page(page: Page, address: str):
    page.goto(address)
    search(page)


def test_the_search_works_in_a_folder_opened_without_a_server(page: Page, site: Path):
    page.goto((site / "guides" / "study.html").as_uri())
    search(page)


def search(page: Page) -> None:
    field = page.locator("input.md-search__input")
    field.click()
    field.press_sequentially("topological")
    expect(page.locator(".md-search-result__item").first).to_contain_text("Topological order")


def test_the_scheme_follows_the_system_until_the_reader_chooses(page: Page, address: str):
    page.goto(address)
    body = page.locator("body")
    page.emulate_media(color_scheme="dark")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.emulate_media(color_scheme="light")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    page.get_by_title("Switch to the light colours").click()
    page.get_by_title("Switch to the dark colours").click()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.reload()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")


@pytest.mark.parametrize("choice", ["right", "wrong"])
def test_a_quiz_answers_a_choice(page: Page, site: Path, address: str, choice: str):
    quizzes = [name for name in names(site) if 'class="quiz"' in (site / name).read_text("utf-8")]
    for name in quizzes:
        page.goto(f"{address}/{name}")
        question = page.locator(".quiz fieldset").first
        kind = ".option[data-right]" if choice == "right" else ".option:not([data-right])"
        option = question.locator(kind).first
        option.locator("label").click()
        said = "Right." if choice == "right" else "Not this one."
        expect(question.locator(".verdict")).to_contain_text(said)
        expect(option.locator("details p").first).to_be_visible()
        expect(question.locator("details[open]")).to_have_count(1)
    assert quizzes


def test_a_quiz_keeps_the_answers_until_they_are_cleared(page: Page, address: str):
    page.goto(f"{address}/02_task_graphs.html")
    options = page.locator(".quiz fieldset").nth(1).locator(".option")
    wrong = options.and_(page.locator(":not([data-right])")).first
    wrong.locator("label").click()
    page.reload()
    expect(wrong.locator("input")).to_be_checked()
    expect(wrong.locator("details p").first).to_be_visible()
    assert page.locator(".quiz .chosen").count() == 1
    page.get_by_role("button", name="Clear my answers").click()
    assert page.locator(".quiz input:checked").count() == 0
    page.reload()
    assert page.locator(".quiz :is(.chosen, input:checked)").count() == 0


def test_a_quiz_can_be_read_without_scripts(browser: Browser, site: Path, address: str):
    name = next(name for name in names(site) if 'class="quiz"' in (site / name).read_text("utf-8"))
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/{name}")
    option = tab.locator(".quiz .option").first
    expect(option.locator("details p").first).to_be_hidden()
    option.locator("summary").click()
    expect(option.locator("details p").first).to_be_visible()
    context.close()
