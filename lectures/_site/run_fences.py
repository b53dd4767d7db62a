"""A Markdown extension: run ` ```python run ` fences, draw ` ```dot ` ones.

    ```python run hide raises=ValueError caption="What one sees" alt="What the figure says"

All run fences of a page share one fresh kernel, in order. A fence is shown as code (unless `hide`)
with what it gave below. `raises` announces an exception; a figure needs `alt`. The outputs are kept
between builds (see `cache`), so that a page whose fences and whose libraries are as before starts
no kernel.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from lectures._site import drawings, kernel, outputs
from lectures._site.blocks import Fence, PageFile, fences, is_kind, options, page_file
from lectures._site.cache import remember
from lectures._site.problem import PageProblem

RUN, DOT = "python run", "dot"
_RUN_OPTIONS = {"hide": False, "raises": True, "caption": True, "alt": True}
_DOT_OPTIONS = {"caption": True, "alt": True}
# After white space is normalised (30) and before the fences are highlighted (25).
_PRIORITY = 27


@dataclass(frozen=True)
class _Asked:
    """A fence to replace, with its options and its place for messages."""

    fence: Fence
    options: dict[str, str]
    place: str

    @property
    def prefix(self) -> str:
        return f"f{self.fence.first}-"


class RunFences(Preprocessor):
    """Replaces the fences of one page by their code and what it gives."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the page's lines with every fence of ours replaced. Raises PageProblem."""
        page = page_file(self.md)
        found = list(fences(lines))
        runs = _asked(found, RUN, _RUN_OPTIONS, page)
        dots = _asked(found, DOT, _DOT_OPTIONS, page)
        shown = {asked.fence.first: self._drawn(asked) for asked in dots}
        for asked, given in zip(runs, _outputs(page.name, runs), strict=True):
            shown[asked.fence.first] = self._ran(asked, given)
        return _replace(lines, found, shown)

    def _ran(self, asked: _Asked, given: list[kernel.Output]) -> list[str]:
        fence = asked.fence
        code = [] if "hide" in asked.options else _code(fence)
        below = outputs.html(
            given,
            alt=asked.options.get("alt"),
            caption=asked.options.get("caption"),
            prefix=asked.prefix,
            place=asked.place,
        )
        return [*code, *self._stash(fence, below)]

    def _drawn(self, asked: _Asked) -> list[str]:
        if "alt" not in asked.options:
            remedy = 'Say in `alt="…"` what a reader should take from it.'
            raise PageProblem(asked.place, "the drawing has no alternative text.", remedy)
        svg = drawings.from_dot(asked.fence.source, asked.place)
        drawn = outputs.figure(
            svg,
            alt=asked.options["alt"],
            caption=asked.options.get("caption"),
            prefix=asked.prefix,
            place=asked.place,
        )
        return self._stash(asked.fence, drawn)

    def _stash(self, fence: Fence, html: str) -> list[str]:
        return ["", fence.indent + self.md.htmlStash.store(html), ""] if html else [""]


def _asked(
    found: Iterable[Fence], kind: str, allowed: dict[str, bool], page: PageFile
) -> list[_Asked]:
    asked: list[_Asked] = []
    for nth, fence in enumerate(fence for fence in found if is_kind(fence, kind)):
        place = page.place(kind, nth)
        if not fence.closed:
            remedy = f"Add a line `{fence.mark}` at its end."
            raise PageProblem(place, "it is never closed.", remedy)
        asked.append(_Asked(fence, options(fence, kind, place, allowed), place))
    return asked


def _outputs(page: str, runs: list[_Asked]) -> list[list[kernel.Output]]:
    if not runs:
        return []
    jobs = [kernel.Job(a.fence.source, a.options.get("raises"), a.place) for a in runs]
    facts = [[job.source, job.raises] for job in jobs]
    name = page.removesuffix(".md").replace("/", "-")
    return remember(name, facts, lambda: kernel.run(page, jobs))


def outputs_of(page: PageFile) -> list[list[kernel.Output]]:
    """What the run fences of another page give: from the cache, or by running them."""
    found = fences(page.path.read_text("utf-8").split("\n")) if page.path else ()
    return _outputs(page.name, _asked(found, RUN, _RUN_OPTIONS, page))


def _code(fence: Fence) -> list[str]:
    inside = [fence.indent + line if line else "" for line in fence.source.split("\n")]
    return [f"{fence.indent}{fence.mark}python", *inside, f"{fence.indent}{fence.mark}"]


def _replace(lines: list[str], found: list[Fence], shown: dict[int, list[str]]) -> list[str]:
    result: list[str] = []
    done = 0
    for fence in found:
        if fence.first in shown:
            result += [*lines[done : fence.first], *shown[fence.first]]
            done = fence.last + 1
    return result + lines[done:]


class RunFencesExtension(Extension):
    """Registers the preprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Called by Python-Markdown for every page."""
        md.preprocessors.register(RunFences(md), "run_fences", _PRIORITY)


def makeExtension(**settings: Any) -> RunFencesExtension:  # noqa: N802 (Python-Markdown's name)
    """What Python-Markdown calls to make the extension."""
    return RunFencesExtension(**settings)
