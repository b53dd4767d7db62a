"""Plain forms of what a student wrote, for pages that staff open.

A grader's browser is logged in to the gradebook, so nothing of a submission may run in it, nor
fetch anything: Markdown is shown without HTML, images and links to scripts.
"""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import mistune
from markupsafe import escape
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.plaintext import clean

TEMPLATES = Path(__file__).parent / "templates"
NBGRADERS = "server_extensions/formgrader/templates"


class _Renderer(mistune.HTMLRenderer):
    """mistune's, which escapes HTML; images become their text, and links but those to other sites
    too."""

    def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        return f"[{text}]"

    def link(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
        try:
            parts = urlsplit(url)
        except ValueError:
            return text
        if parts.scheme not in ("http", "https") or not parts.netloc:
            return text
        return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">{text}</a>'


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(renderer=_Renderer(escape=True), plugins=["table"])


def markdown(source: str) -> str:
    """Markdown as HTML in which nothing runs and nothing is fetched; what is very long is cut.

    >>> markdown("*so* <script>")
    '<p><em>so</em> &lt;script&gt;</p>\\n'
    """
    return str(_markdown()(clean(source)))


class ShowPlain(Preprocessor):
    """Code as it reads, not as characters that are not seen would have it; what is very long is
    cut."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        del index
        cell.source = clean(cell.source)
        return cell, resources


def grading_page() -> Config:
    """Configuration of the page on which formgrader shows a submission."""
    import nbgrader

    theirs = Path(nbgrader.__file__).parent / NBGRADERS
    c = Config()
    c.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), str(theirs)]
    c.HTMLExporter.filters = {"markdown2html": markdown}
    c.HTMLExporter.preprocessors = [ShowPlain]
    return c
