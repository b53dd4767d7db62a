"""One visit to each page of the built site in a real browser, and what is to be seen there.

A page is opened once; schemes and widths are changed while it is open, because loading is what
takes time. The tests then ask the notes that were taken.
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.chrome import Tab, contrast, open_tab

WIDTHS = (1280, 360)
SCHEMES = {"light": "default", "dark": "slate"}
TEXT = ":is(p, li, td, th, a, h1, h2, h3, label, legend, summary, figcaption, pre, code, code span)"
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
# A scheme changes colours and nothing else.
RULES = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}
# One page of each type: axe takes seconds on a long one.
TYPES = (
    "index.html",
    "404.html",
    "02_task_graphs.html",
    "05_dataframes.html",
    "13_data_versioning.html",
    "claims.html",
    "glossary.html",
    "guides/learn.html",
    "guides/sizing.html",
    "guides/teach.html",
    "labs/05_dataframes.html",
    "reference/datasets.html",
)


@dataclass
class Seen:
    """The notes on one page: links and where they may lead, how far it is wider than its window,
    the least contrast. Links inside the site begin with a slash."""

    headings: int = 0
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    too_wide: dict[str, int] = field(default_factory=dict)
    contrast: dict[str, float] = field(default_factory=dict)
    barriers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def names(site: Path) -> list[str]:
    """The pages of a built site, by their paths below it; demo pages of packages are none."""
    found = (file.relative_to(site).as_posix() for file in site.rglob("*.html"))
    return sorted(name for name in found if not name.startswith("assets/"))


def survey(browser: Browser, site: Path, address: str) -> dict[str, dict[str, Any]]:
    """Visit every page; the notes (`Seen`, as plain data) by the page's path below the site."""
    with open_tab(browser) as tab:
        return {name: asdict(_visit(tab, address, name)) for name in names(site)}


def _visit(tab: Tab, address: str, name: str) -> Seen:
    page, seen = tab.page, Seen()
    tab.complaints.clear()
    page.goto(f"{address}/{name}")
    page.add_style_tag(content=STILL)
    seen.headings = page.locator("h1").count()
    seen.ids = page.eval_on_selector_all(".md-content [id]", "all => all.map(e => e.id)")
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    seen.links = sorted({link.removeprefix(address) for link in links})
    seen.places = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    for scheme in SCHEMES:
        _look(page, scheme, seen, name in TYPES)
    seen.complaints = list(tab.complaints)
    return seen


def _look(page: Page, scheme: str, seen: Seen, ask_axe: bool) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.wait_for_selector(f"body[data-md-color-scheme={SCHEMES[scheme]}]")
    for width in WIDTHS[::-1]:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            seen.too_wide[f"{scheme}, {width}"] = wide
    seen.contrast[scheme] = contrast(page.locator(f".md-content {TEXT}:not(.headerlink)"))
    if ask_axe:
        found = Axe().run(page, options=RULES[scheme]).response["violations"]
        seen.barriers += [_said(scheme, rule) for rule in found]


def _said(scheme: str, rule: dict) -> str:
    places = ", ".join(node["target"][0] for node in rule["nodes"][:3])
    return f"{scheme}: {rule['id']} at {places} ({len(rule['nodes'])})"
