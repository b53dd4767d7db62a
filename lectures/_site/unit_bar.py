"""The line below a lecture's title that leads to its lab, its slides and its quiz."""

from collections.abc import Sequence
from pathlib import Path


def with_bar(lines: Sequence[str], page: Path) -> list[str]:
    """A lecture's lines with the bar below the first heading."""
    at = next((n for n, line in enumerate(lines) if line.startswith("# ")), None)
    if at is None:
        return list(lines)
    links = [f"[Slides]({page.name}?slides)"]
    if (page.parent / "labs" / page.name).is_file():
        links.insert(0, f"[Lab](labs/{page.name})")
    if page.with_suffix(".quiz.yml").is_file():
        links.append("[Quiz](#quiz)")
    return [*lines[: at + 1], "", " · ".join(links), "{ .unit }", "", *lines[at + 1 :]]
