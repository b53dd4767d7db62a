"""A lecture as slides and as a handout, in a real browser."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.chrome import open_tab

pytestmark = pytest.mark.slow
LECTURES = sorted((Path(__file__).parents[2] / "lectures").glob("[0-9][0-9]_*.md"))
STACKS = ".reveal .slides > section"
# Every slide is shown once, with all that appears on it: is there anything, and does it fit?
WALK = """() => Reveal.getSlides().map(slide => {
    const {h, v} = Reveal.getIndices(slide);
    Reveal.slide(h, v, 99);
    const title = slide.querySelector("h1, h2")?.textContent ?? "";
    const tall = slide.scrollHeight - Reveal.getConfig().height;
    return {title, tall, wide: slide.scrollWidth - slide.clientWidth, shown: slide.offsetHeight};
})"""


@pytest.mark.parametrize("lecture", LECTURES, ids=lambda path: path.stem)
def test_each_heading_is_a_stack_of_slides(page: Page, address: str, lecture: Path):
    page.goto(f"{address}/{lecture.stem}.html?slides")
    page.wait_for_function("window.Reveal?.isReady()")
    headings = [line for line in lecture.read_text("utf-8").split("\n") if line.startswith("## ")]
    assert page.locator(STACKS).count() == len(headings) + 1
    for slide in page.evaluate(WALK):
        assert slide["title"]
        assert slide["shown"] > 0
        assert slide["wide"] <= 0, slide
        assert slide["tall"] <= 0, slide
    assert page.locator(f"{STACKS} .fragment").count() > 5
    assert page.locator(f"{STACKS} .quiz fieldset").count() == 5
    assert page.locator(f"{STACKS} aside.notes p").count() > 10


def test_a_result_comes_after_its_code_and_the_prose_is_in_the_notes(page: Page, address: str):
    page.goto(f"{address}/02_task_graphs.html?slides")
    page.wait_for_function("window.Reveal?.isReady()")
    page.keyboard.press("ArrowRight")
    result = page.locator("section.present section.present .fragment")
    expect(result).to_be_hidden()
    page.keyboard.press("Space")
    expect(result).to_be_visible()
    notes = page.evaluate("Reveal.getSlideNotes()")
    assert "Seven cores are idle" in notes
    expect(page.locator(".md-header")).to_be_hidden()


def test_what_one_plays_with_is_a_way_to_its_place_in_the_page(page: Page, address: str):
    page.goto(f"{address}/05_dataframes.html?slides")
    page.wait_for_function("window.Reveal?.isReady()")
    link = page.locator(".reveal .way a")
    slide = "e => Reveal.slide(...Object.values(Reveal.getIndices(e.closest('section'))))"
    link.evaluate(slide)
    with page.expect_popup() as opened:
        link.click()
    figure = opened.value.get_by_role("region", name="A map of partitions")
    expect(figure.get_by_role("slider").first).to_be_in_viewport()
    expect(opened.value.locator(".reveal")).to_have_count(0)


def test_the_page_itself_leads_to_its_slides(page: Page, address: str):
    page.goto(f"{address}/02_task_graphs.html")
    assert page.locator(".reveal").count() == 0
    page.get_by_role("link", name="Slides", exact=True).click()
    page.wait_for_function("window.Reveal?.isReady()")
    expect(page.locator(f"{STACKS} h1")).to_have_text("Task graphs")


def test_the_handout_has_pages_and_text_and_no_answers(browser: Browser, address: str):
    with open_tab(browser) as tab:
        tab.page.goto(f"{address}/02_task_graphs.html")
        handout = PdfReader(io.BytesIO(tab.page.pdf(prefer_css_page_size=True, format="A4")))
    text = " ".join(" ".join(page.extract_text() for page in handout.pages).split())
    assert 8 <= len(handout.pages) <= 30
    for part in ("Task graphs", "The report that took all night", "Claims, measured", "Quiz"):
        assert part in text
    assert "Not this one" not in text
    assert "Table of contents" not in text
    assert tab.complaints == []
