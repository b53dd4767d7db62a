"""The glossary's way back: below each word, the sections of the lectures that use it.

A lecture links to `glossary.md#critical-path` where it first uses the word; from these links the
glossary's lines are made, so nobody writes them.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown.extensions.toc import slugify

from lectures._site.blocks import fences

_LINK = re.compile(r"\]\(\s*(?:\.\./)*glossary\.md#([\w-]+)\s*\)")
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_MARKS = re.compile(r"`|\*|\[|\]\([^)]*\)|\{[^}]*\}")

Use = tuple[str, str, str]
"""A page's name, its title, and the anchor of a section (empty for its beginning)."""


def with_uses(lines: Sequence[str], folder: Path) -> list[str]:
    """The glossary's lines, with a line of uses at the end of each entry (`##`) that has some."""
    found = uses(folder)
    result: list[str] = []
    word = ""
    for line in [*lines, "## "]:
        if line.startswith("## "):
            result += _told(found.get(word, []))
            word = slugify(line.removeprefix("## ").strip(), "-")
        result.append(line)
    return result[:-1]


def _told(found: list[Use]) -> list[str]:
    links = [f"[{title}]({page}{f'#{anchor}' if anchor else ''})" for page, title, anchor in found]
    return ["", f"Used in {', '.join(links)}.", "{ .uses }", ""] if links else []


def uses(folder: Path) -> dict[str, list[Use]]:
    """For each word the first section of each lecture in `folder` that links to it."""
    found: dict[str, list[Use]] = {}
    for page in sorted(folder.glob("[0-9][0-9]_*.md")):
        told: set[str] = set()
        for word, title, anchor in _links(page.read_text("utf-8").split("\n")):
            if word not in told:
                told.add(word)
                found.setdefault(word, []).append((page.name, title, anchor))
    return found


def _links(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    fenced = {n for fence in fences(lines) for n in range(fence.first, fence.last + 1)}
    prose = ["" if n in fenced else line for n, line in enumerate(lines)]
    title = anchor = ""
    for line in prose:
        heading = _HEADING.fullmatch(line)
        if heading and heading[1] == "#":
            title = heading[2]
        elif heading:
            anchor = slugify(_MARKS.sub("", heading[2]), "-")
        for word in _LINK.findall(line):
            yield word, title, anchor
