"""What a reader pays for a page, and pages that are opened without a server."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response

from tests.browser.chrome import open_tab

pytestmark = pytest.mark.slow
MOST = 300_000  # bytes, compressed, of a page with all that it loads before anything is clicked


def weight(responses: list[Response]) -> int:
    return sum(len(gzip.compress(response.body(), 6)) for response in responses)


def test_a_page_weighs_little(browser: Browser, site: Path, address: str):
    heavy = {}
    largest = sorted(site.glob("[0-9][0-9]_*.html"), key=lambda page: page.stat().st_size)[-2:]
    for page in largest:
        with open_tab(browser) as tab:
            came: list[Response] = []
            tab.page.on("response", lambda response, came=came: came.append(response))
            tab.page.goto(f"{address}/{page.name}", wait_until="networkidle")
            heavy[page.name] = weight(came)
            assert not [each.url for each in came if "/live/" in each.url]
    assert heavy
    assert {name: size for name, size in heavy.items() if size > MOST} == {}


def test_a_page_opened_from_a_folder_asks_nobody_and_does_not_complain(
    browser: Browser, site: Path
):
    found = {}
    for page in sorted(set(site.glob("*.html")) - {site / "404.html"}):  # which only a server sends
        with open_tab(browser) as tab:
            tab.page.goto(page.as_uri())
            found[page.name] = tab.complaints
            for cell in tab.page.locator(".try-off").all():
                assert cell.is_visible()
    assert found
    assert {name: complaints for name, complaints in found.items() if complaints} == {}
