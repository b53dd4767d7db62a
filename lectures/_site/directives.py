"""A Markdown extension: lines that stand for something derived.

    {{ quiz }}          the quiz beside the page
    {{ quizzes }}       all quizzes, to be imported elsewhere
    {{ units }}         the table of units
    {{ route }}         which unit comes before which
    {{ claims }}        the rules of thumb of all lectures, as measured
    {{ lab }}           the lab that is called as the page is
    {{ uses }}          (glossary) below each word, where it is used
    {{ commands }}      the reference of the command line
    {{ api MODULE }}    the reference of a module
    {{ schemas }}       the generated tables
    {{ try TASK }}      a cell in which the reader tries a task of the unit's lab
    {{ visual NAME }}   an interactive figure

Each stands alone on its line, outside fences.

The units are written in any order, so a lecture may link to one that is not there yet: such a link
reads as plain text until the page exists. A wrong name for a unit that is there stays a mistake.
"""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from lectures._site import backlinks, unit_bar
from lectures._site.blocks import fences, page_file
from lectures._site.derived import ALONE, NAMING
from lectures._site.problem import PageProblem

_DIRECTIVE = re.compile(r"\{\{ *(.*?) *\}\}")
# After white space is normalised (30), before fences are run (27): what we write has fences too.
_PRIORITY = 28
# After the text has become elements (20), before links are looked up (0).
_LINK_PRIORITY = 2
_USES = "{{ uses }}"
_LECTURE = re.compile(r"\d\d_\w+\.md")
_UNIT_PAGE = re.compile(r"(?P<folder>(\.\./)*)(?P<number>\d\d_)\w+\.md(#.*)?")


class Directives(Preprocessor):
    """Replaces the directives of one page."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the page's lines with what their directives stand for. Raises PageProblem."""
        fenced = {n for fence in fences(lines) for n in range(fence.first, fence.last + 1)}
        result: list[str] = []
        for number, line in enumerate(lines):
            directive = None if number in fenced else _DIRECTIVE.fullmatch(line.strip())
            result += self._stands_for(directive[1]) if directive else [line]
        return result

    def _stands_for(self, directive: str) -> list[str]:
        page = page_file(self.md)
        word, _, named = directive.partition(" ")
        if named and word in NAMING:
            return ["", *NAMING[word](self.md, page, named).split("\n"), ""]
        if not named and word in ALONE:
            return ["", *ALONE[word](self.md, page).split("\n"), ""]
        remedy = f"There are {', '.join(sorted([*ALONE, *NAMING]))}."
        raise PageProblem(page.name, f"`{{{{ {directive} }}}}` stands for nothing.", remedy)


class Additions(Preprocessor):
    """What whole pages get: a lecture its bar, the glossary its uses where it has `{{ uses }}`."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the page's lines with what is added; those of another page as they are."""
        page = page_file(self.md)
        if page.path and _LECTURE.fullmatch(page.name):
            return unit_bar.with_bar(lines, page.path)
        if page.path and _USES in lines:
            rest = [line for line in lines if line != _USES]
            return backlinks.with_uses(rest, page.path.parent)
        return lines


class UnwrittenUnits(Treeprocessor):
    """Turns links to units that nobody has written yet into text."""

    def run(self, root: ET.Element) -> None:
        """Change the page's elements in place."""
        path = page_file(self.md).path
        for link in root.iter("a"):
            if path and _unwritten(link.get("href", ""), path.parent):
                link.tag, link.attrib = "span", {"class": "unwritten"}


def _unwritten(target: str, folder: Path) -> bool:
    found = _UNIT_PAGE.fullmatch(target)
    return bool(found) and not list((folder / found["folder"]).glob(f"{found['number']}*.md"))


class DirectivesExtension(Extension):
    """Registers all three."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Called by Python-Markdown for every page."""
        md.preprocessors.register(Additions(md), "additions", _PRIORITY + 0.5)
        md.preprocessors.register(Directives(md), "directives", _PRIORITY)
        md.treeprocessors.register(UnwrittenUnits(md), "unwritten_units", _LINK_PRIORITY)


def makeExtension(**settings: Any) -> DirectivesExtension:  # noqa: N802 (Python-Markdown's name)
    """What Python-Markdown calls to make the extension."""
    return DirectivesExtension(**settings)
