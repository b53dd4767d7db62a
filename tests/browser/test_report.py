"""The item report in a browser: it can be read, wide or narrow, light or dark; nothing runs."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from autograder.course.items import Misconception, items
from autograder.course.report import Graded, render
from autograder.judge.verdict import Report, Verdict
from tests.browser.chrome import contrast, open_tab, refused_by_policy

PLANT = "<img src=x onerror='window.planted = 1'><script>window.planted = 1</script>"
WRONG = Misconception("Reads an edge the wrong way.", "test_order_of_all", "Look")


def submission(number: int) -> Graded:
    """One of a class: every third knows nothing, and every fifth plants scripts."""
    told: dict[str, Any] = (
        {"hint": "Look again."} if number % 2 else {"message": PLANT, "actual": PLANT}
    )
    outcome = "failed" if number % 3 == 0 else "passed"
    found = Verdict("test_order_of_all", "order", f"In {PLANT}.", False, 2.0, outcome, **told)
    rest = Verdict("test_order" + "_of_many" * 9, "order", "All.", True, 1.5, "passed")
    state = "never ran" if number % 5 == 0 else "judged"
    return Graded(f"student{number}", Report((found, rest)), state, PLANT)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = [submission(number) for number in range(40)]
    reports = [one.report for one in found if one.report and one.state == "judged"]
    page: Path = tmp_path_factory.mktemp("report") / "report.html"
    page.write_text(render("02_lab", "Orders", found, items(reports, [WRONG])), "utf-8")
    return page.as_uri()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_can_be_read(browser: Browser, address: str, width: int, scheme: str):
    with open_tab(browser, width, scheme) as tab:
        tab.page.goto(address)
        tab.page.locator("summary").click()
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
        assert contrast(tab.page.locator("body *")) >= 4.5
        expect(tab.page.get_by_role("img", name="Distribution of marks")).to_be_visible()
        expect(tab.page.get_by_role("table", name="Each test over 32")).to_be_visible()
        expect(tab.page.get_by_role("cell", name=WRONG.name)).to_be_visible()
        assert tab.page.evaluate("window.planted") is None
    assert tab.complaints == []


def test_even_what_got_in_would_not_run_nor_fetch(browser: Browser, address: str):
    with open_tab(browser) as tab:
        tab.page.goto(address)
        refused_by_policy(tab)
