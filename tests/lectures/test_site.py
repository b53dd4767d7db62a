"""The whole site in a real browser: nothing from elsewhere, nothing broken, nothing too wide."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chrome import chromium, contrast, open_tab

pytestmark = pytest.mark.slow
WIDTHS = (1280, 360)
SCHEMES = ("light", "dark")
TEXT = ":is(p, li, td, th, a, h1, h2, h3, label, legend, summary, figcaption, pre, code, code span)"


class Handler(SimpleHTTPRequestHandler):
    """Serves files and keeps quiet about it."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the built site is served while these tests run."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab that must not complain on its console or ask anybody but us for anything."""
    with open_tab(browser) as tab:
        yield tab.page
    assert tab.complaints == []


def names(site: Path) -> list[str]:
    return sorted(file.relative_to(site).as_posix() for file in site.rglob("*.html"))


def test_no_page_asks_elsewhere_complains_or_is_wider_than_its_window(
    page: Page, site: Path, address: str
):
    too_wide = []
    for name in names(site):
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(f"{address}/{name}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    too_wide.append((name, scheme, width, wide))
    assert too_wide == []


def test_text_stands_out_in_both_schemes(page: Page, site: Path, address: str):
    faint = {}
    for name in names(site):
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{address}/{name}")
            found = contrast(page.locator(f".md-content {TEXT}:not(.headerlink)"))
            if found < 4.5:
                faint[name, scheme] = found
    assert faint == {}


def test_every_link_inside_the_site_leads_to_a_page_and_a_place(
    page: Page, site: Path, address: str
):
    links: dict[str, set[str]] = {}
    places: dict[str, set[str]] = {}
    for name in names(site):
        page.goto(f"{address}/{name}", wait_until="networkidle")
        links[name] = set(page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"))
        places[name] = set(page.eval_on_selector_all("[id]", "all => all.map(e => e.id)"))
    broken = [
        f"{name} -> {link}"
        for name, all_links in links.items()
        for link in sorted(all_links)
        if link.startswith(address) and not _leads(link.removeprefix(address), places)
    ]
    assert broken == []


def _leads(link: str, places: dict[str, set[str]]) -> bool:
    path, anchor = urldefrag(link)
    name = unquote(path).lstrip("/") or "index.html"
    return name in places and (not anchor or unquote(anchor) in places[name])


def test_pages_have_one_heading_each_and_no_id_twice(page: Page, site: Path, address: str):
    for name in names(site):
        page.goto(f"{address}/{name}")
        assert page.locator("h1").count() == 1, name
        ids = page.eval_on_selector_all(".md-content [id]", "all => all.map(e => e.id)")
        assert sorted(ids) == sorted(set(ids)), name


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
