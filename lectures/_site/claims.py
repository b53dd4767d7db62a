"""All rules of thumb of the course in one table, read from what the lectures' own fences gave.

A lecture ends in a table with the columns *claim*, *measured here* and *verdict*, computed when the
page is built. This module looks for that table in the outputs of the page's fences (from the cache,
or by running them), so the figures here are the figures there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from lectures._site.kernel import Output
from lectures._site.problem import PageProblem

COLUMNS = ["claim", "measured here", "verdict"]
SECTION = "claims-measured"


@dataclass(frozen=True)
class Claim:
    """What is said, what was measured, what follows; `source` where the lecture names one."""

    claim: str
    measured: str
    verdict: str
    source: str = ""


class _Tables(HTMLParser):
    """Collects the texts of a table's cells, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data


def of(outputs: list[list[Output]], place: str) -> list[Claim]:
    """The claims of one page. Raises PageProblem if it has no such table."""
    for output in (each for given in outputs for each in given):
        found = list(_claims(output.get("data", {}).get("text/html", "")))
        if found:
            return found
    remedy = f"End it with a table of the columns {', '.join(COLUMNS)}."
    raise PageProblem(place, "the lecture has no table of claims.", remedy)


def _claims(markup: str) -> Iterator[Claim]:
    reader = _Tables()
    reader.feed(markup)
    head = [name.strip() for name in reader.rows[0]] if reader.rows else []
    if not set(COLUMNS) <= set(head):
        return
    for row in reader.rows[1:]:
        cell = dict(zip(head, (text.strip() for text in row), strict=False))
        yield Claim(*(cell[name] for name in COLUMNS), source=cell.get("source", ""))


def table(found: dict[str, tuple[str, list[Claim]]], to_lectures: str) -> str:
    """One Markdown table; `found` has for each page's name its title and its claims."""
    rows = [
        _row(claim, f"[{title}]({to_lectures}{name}#{SECTION})")
        for name, (title, claims) in found.items()
        for claim in claims
    ]
    head = ["| Claim | Measured here | Verdict | Source |", "|---|---|---|---|"]
    return "\n".join(head + rows)


def _row(claim: Claim, page: str) -> str:
    source = f"{_text(claim.source)}; {page}" if claim.source else page
    cells = (_text(claim.claim), _text(claim.measured), _text(claim.verdict), source)
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    """Plain text in a cell of a Markdown table."""
    marked = re.sub(r"([*_`\[\]])", r"\\\1", escape(text, quote=False))
    return marked.replace("|", "&#124;").replace("\n", " ")


def title_of(page: Path) -> str:
    """The first heading of a page."""
    lines = page.read_text("utf-8").split("\n")
    return next((line.removeprefix("# ") for line in lines if line.startswith("# ")), page.stem)
