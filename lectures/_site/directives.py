"""A Markdown extension: lines that stand for something derived.

`{{ quiz }}` is the quiz beside the page, `{{ units }}` the table of units, `{{ commands }}` the
reference of the command line. Each stands alone on its line, outside fences.

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

from lectures._site import commands, quiz, units
from lectures._site.blocks import PageFile, fences, page_file
from lectures._site.problem import PageProblem

_DIRECTIVE = re.compile(r"\{\{ *(.*?) *\}\}")
# After white space is normalised (30), before fences are run (27): what we write has fences too.
_PRIORITY = 28
# After the text has become elements (20), before links are looked up (0).
_LINK_PRIORITY = 2
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

    def _stands_for(self, word: str) -> list[str]:
        page = page_file(self.md)
        if word == "quiz":
            return ["", self.md.htmlStash.store(_quiz(page)), ""]
        if word == "units":
            table = units.table(units.units(), "../" * page.name.count("/"))
            return ["", *table.split("\n"), ""]
        if word == "commands":
            return ["", *commands.reference(commands.command()).split("\n"), ""]
        remedy = "There are quiz, units and commands."
        raise PageProblem(page.name, f"`{{{{ {word} }}}}` stands for nothing.", remedy)


def _quiz(page: PageFile) -> str:
    if page.path is None:
        remedy = "Put the page into the folder of the lectures."
        raise PageProblem(page.name, "a page that is no file has no quiz.", remedy)
    return quiz.html(quiz.load(page.path.with_suffix(".quiz.yml")))


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
    """Registers both."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Called by Python-Markdown for every page."""
        md.preprocessors.register(Directives(md), "directives", _PRIORITY)
        md.treeprocessors.register(UnwrittenUnits(md), "unwritten_units", _LINK_PRIORITY)


def makeExtension(**settings: Any) -> DirectivesExtension:  # noqa: N802 (Python-Markdown's name)
    """What Python-Markdown calls to make the extension."""
    return DirectivesExtension(**settings)
