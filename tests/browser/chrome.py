"""Chromium, driven by Playwright: tabs that keep every complaint, and an eye for contrast."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CONTRAST = """elements => {
    const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const known = new Map();
    const painted = colour => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const rgba = colour => {
        if (!known.has(colour)) known.set(colour, painted(colour));
        return [...known.get(colour)];
    };
    const over = (top, below) => below.map((c, i) => top[i] * top[3] + c * (1 - top[3]));
    const paper = document.body.appendChild(document.createElement("i"));
    paper.style.color = "Canvas";
    const canvas = rgba(getComputedStyle(paper).color).slice(0, 3);
    paper.remove();
    const seen = new Map();
    const behind = element => {
        if (!element) return {ground: canvas, opacity: 1};
        if (!seen.has(element)) {
            const {ground, opacity} = behind(element.parentElement);
            const style = getComputedStyle(element);
            seen.set(element, {
                ground: over(rgba(style.backgroundColor), ground),
                opacity: opacity * Number(style.opacity),
            });
        }
        return seen.get(element);
    };
    const light = rgb => {
        const [r, g, b] = rgb.map(c => c / 255).map(
            c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = element => {
        const {ground: back, opacity} = behind(element);
        const ink = rgba(getComputedStyle(element).color);
        ink[3] *= opacity;
        const [a, b] = [light(over(ink, back)), light(back)].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    };
    const shown = elements.filter(e => e.checkVisibility() && e.textContent.trim());
    return Math.min(...shown.map(contrast));
}"""


INTRUDERS = """
    <img src="data:," onerror="window.planted = 1"><svg onload="window.planted = 1"></svg>
    <iframe srcdoc="<script>parent.planted = 1</script>"></iframe>
    <b onclick="window.planted = 1" id="intruder">b</b>
    <img src="http://elsewhere.invalid/x.png">
"""


@dataclass(frozen=True)
class Tab:
    """A tab, and what is wrong with what it did: errors, and requests that left this machine."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        said = self.complaints.append
        self.page.on("console", lambda m: said(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: said(str(error)))
        self.page.on("request", lambda request: said(request.url) if _leaves(request) else None)


def _leaves(request: Request) -> bool:
    parts = urlsplit(request.url)
    return parts.scheme not in ("file", "data", "blob") and parts.hostname != "127.0.0.1"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a fresh profile. Without one a check in CI fails, one at a desk is skipped."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing: `apt install chromium`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_tab(browser: Browser, width: int = 1280, scheme: str = "light") -> Iterator[Tab]:
    """A tab of its own, without cookies; it is closed at the end."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    tab = Tab(context.new_page())
    tab.watch()
    try:
        yield tab
    finally:
        context.close()


def refused_by_policy(tab: Tab) -> None:
    """Put scripts and foreign images into a page; its policy must refuse each of them."""
    with tab.page.expect_event("requestfailed") as failed:
        tab.page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", INTRUDERS)
    assert failed.value.failure == "csp"
    tab.page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.planted = 1";
        document.body.append(script);
        document.getElementById("intruder").click();
    }""")
    assert tab.page.evaluate("window.planted") is None
    refused = [text for text in tab.complaints if "Content Security Policy" in text]
    assert len(refused) >= 4


def wait_until(page: Page, condition: str) -> None:
    """Wait for a condition in a page whose policy does not let Playwright's own wait run there."""
    for _ in range(600):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def contrast(elements: Locator) -> float:
    """The least contrast of text to what is behind it (1 to 21), over elements that are shown."""
    return elements.evaluate_all(CONTRAST)
