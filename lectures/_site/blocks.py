"""Where the fences of a Markdown page are, and what their first line says."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from markdown import Markdown

from lectures._site.problem import PageProblem

_OPENS = re.compile(r"^(?P<indent>\s*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")


@dataclass(frozen=True)
class Fence:
    """One fenced block: lines `first` to `last` of the page, counted from 0, both included."""

    first: int
    last: int
    indent: str
    mark: str
    info: str
    source: str
    closed: bool = True


def fences(lines: Sequence[str]) -> Iterator[Fence]:
    """Yield the outermost fences of a page in order; an unclosed one ends with the page."""
    number = 0
    while number < len(lines):
        opening = _OPENS.match(lines[number])
        if opening is None:
            number += 1
            continue
        last, closed = _closing(lines, number, opening["mark"])
        inside = lines[number + 1 : last if closed else last + 1]
        source = "\n".join(_outdent(line, len(opening["indent"])) for line in inside)
        info = opening["info"].strip()
        yield Fence(number, last, opening["indent"], opening["mark"], info, source, closed)
        number = last + 1


def _closing(lines: Sequence[str], first: int, mark: str) -> tuple[int, bool]:
    closes = re.compile(rf"^\s*{re.escape(mark[0])}{{{len(mark)},}}\s*$")
    for number in range(first + 1, len(lines)):
        if closes.match(lines[number]):
            return number, True
    return len(lines) - 1, False


def _outdent(line: str, width: int) -> str:
    return line[min(width, len(line) - len(line.lstrip())) :]


@dataclass(frozen=True)
class PageFile:
    """The file behind a conversion; both are None when Markdown comes from a plain string."""

    name: str = "page"
    path: Path | None = None

    def line(self, kind: str, nth: int) -> int | None:
        """Line (from 1) of the nth (from 0) fence of a kind, front matter included."""
        if self.path is None:
            return None
        same = (f for f in fences(self.path.read_text("utf-8").split("\n")) if is_kind(f, kind))
        found = next(islice(same, nth, None), None)
        return None if found is None else found.first + 1

    def place(self, kind: str, nth: int) -> str:
        """Name a fence as an author looks for it: page, line, number on the page."""
        line = self.line(kind, nth)
        where = f"{self.name}, line {line}" if line else self.name
        return f"{where} (`{kind}` fence {nth + 1})"


def page_file(md: Markdown) -> PageFile:
    """The file that `md` converts. The only place that knows how a generator tells us.

    MkDocs registers its link processor under the name `relpath`, with the file on it; Zensical, a
    preprocessor `rendering_context` with the page's path below the folder of the pages.
    """
    if "rendering_context" in md.preprocessors:
        context: Any = md.preprocessors["rendering_context"]
        folder = Path(context.config.get("root_dir", ""), context.config["docs_dir"])
        return PageFile(context.page.path, folder / context.page.path)
    if "relpath" not in md.treeprocessors:
        return PageFile()
    file = getattr(md.treeprocessors["relpath"], "file", None)
    if file is None:
        return PageFile()
    return PageFile(file.src_uri, Path(file.abs_src_path))


def is_kind(fence: Fence, kind: str) -> bool:
    """Whether a fence's first line starts with the words of `kind`, say "python run"."""
    words = kind.split()
    return fence.info.split()[: len(words)] == words


def options(fence: Fence, kind: str, place: str, allowed: Mapping[str, bool]) -> dict[str, str]:
    """Read what follows `kind` on a fence's first line.

    `allowed` says of each option whether it takes a value. A flag that is there reads "yes".
    Raises PageProblem for an option that is unknown, lacks its value or is badly quoted.
    """
    names = ", ".join(f'{name}="…"' if valued else name for name, valued in allowed.items())
    remedy = f"Write the fence's options like this: {names}."
    try:
        words = shlex.split(fence.info)[len(kind.split()) :]
    except ValueError as error:
        raise PageProblem(place, f"the options cannot be read ({error}).", remedy) from None
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if allowed.get(name) is not bool(equals) or (equals and not value.strip()):
            raise PageProblem(place, f"there is no option `{word}`.", remedy)
        found[name] = value or "yes"
    return found
