"""Feedback pages as students open them: a file, on a phone, in the dark, with scripts planted."""

from collections.abc import Callable, Iterator

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page, expect

from autograder.course.folder import Course
from autograder.course.frame import write_feedback
from tests.browser.chrome import contrast, open_tab, refused_by_policy
from tests.browser.conftest import LAB, PLANT

pytestmark = pytest.mark.slow
STUDENTS = ("dmitri", "henrik", "mallory")
WIDTHS = (1280, 360)
SCHEMES = ("light", "dark")
Pages = dict[str, str]


@pytest.fixture(scope="module")
def pages(graded: Course, copied: Callable[[Course], Course]) -> Pages:
    """The address of each student's page; mallory's answer `one_order` has a comment."""
    course = copied(graded)
    with Gradebook(course.gradebook, course.id) as book:
        comment = book.find_comment("one_order", LAB, LAB, "mallory")
        comment.manual_comment = f"First line {PLANT}\nsecond line"  # type: ignore[assignment]
        book.db.commit()
    written = write_feedback(course, LAB, STUDENTS)
    return {student: page.as_uri() for student, page in zip(STUDENTS, written, strict=True)}


@pytest.fixture
def page(browser: Browser, pages: Pages) -> Iterator[Page]:
    """A tab in which nothing goes wrong, and which asks for nothing."""
    del pages
    with open_tab(browser) as tab:
        yield tab.page
    assert tab.complaints == []


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_page_can_be_read(browser: Browser, pages: Pages, student: str, width: int, scheme: str):
    with open_tab(browser, width, scheme) as tab:
        tab.page.goto(pages[student])
        for answer in tab.page.locator("summary").all():
            answer.click()
        wide = tab.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        assert contrast(tab.page.locator("body *")) >= 4.5
    assert tab.complaints == []


def test_a_planted_script_is_text(page: Page, pages: Pages):
    page.goto(pages["mallory"])
    for answer in page.locator("summary").all():
        answer.click()
    for place in ("printed", "raised", "written", "First line"):
        expect(page.get_by_text(f"{place} {PLANT}").first).to_be_visible()
    expect(page.locator("code.value").filter(has_text=PLANT).first).to_be_visible()
    assert page.locator("script, body img, iframe, svg, [onerror], [onload]").count() == 0
    assert page.locator("a:not([href^='#'])").count() == 0
    expect(page.get_by_text("turned ⟨U+202E⟩ round").first).to_be_visible()
    assert page.evaluate("window.planted") is None


def test_even_what_got_in_would_not_run_nor_fetch(browser: Browser, pages: Pages):
    with open_tab(browser) as tab:
        tab.page.goto(pages["mallory"])
        refused_by_policy(tab)


def test_a_hidden_test_shows_what_it_tests_and_a_hint(page: Page, pages: Pages):
    page.goto(pages["dmitri"])
    hidden = page.locator(".test").filter(has_text="(hidden test)")
    hints = hidden.get_by_text("Hint:").count()
    assert 0 < hints < hidden.count()
    assert hidden.locator("code.value").count() == 0  # neither what was expected nor what came
    said = hidden.locator("pre").all_inner_texts()
    told = {text.rpartition(" ")[0] for text in said}
    assert told <= {"it raised", "what came back could not be checked"}


def test_an_open_mark_is_no_zero(page: Page, pages: Pages):
    page.goto(pages["mallory"])
    expect(page.get_by_role("region", name="one_order")).to_contain_text("no mark yet, 2 points")
    expect(page.locator("header")).to_contain_text("Not everything has a mark yet")


def test_a_file_that_could_not_be_read_says_so_first(page: Page, pages: Pages):
    page.goto(pages["henrik"])
    expect(page.locator("header")).to_contain_text("The file is no notebook")
    assert page.locator(".test").count() == 0


def test_the_overview_leads_to_each_task(page: Page, pages: Pages):
    page.goto(pages["dmitri"])
    links = page.locator(".all a")
    headings = page.locator("h2")
    assert links.count() == headings.count() == 8
    links.last.click()
    expect(headings.last).to_be_in_viewport()
