"""A cell in which a reader tries a task of the unit's lab: `{{ try toposort }}`.

All of it is derived from the lab: the signature and the docstring, what is given before it, the
ladder of hints. Without scripts it is read like the rest of the page, and says where to do the task
instead; `assets/try.js` offers the editor.
"""

import ast
import re
from html import escape
from typing import cast

import markdown
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder import excerpt
from autograder.course.config import STUB
from autograder.errors import OutgrowError
from autograder.lab import Cell, Lab
from lectures._site.archive import ROOT, lab_of
from lectures._site.problem import PageProblem

_ANSWER = re.compile(
    rf"^( *){re.escape(excerpt.BEGIN)}\n.*?{re.escape(excerpt.END)}$", re.MULTILINE | re.DOTALL
)
_TASK = re.compile(r"^# %% task\nfrom [\w.]+ import (\w+)$", re.MULTILINE)
_HINTS = ("a concept", "the tools", "a skeleton")


def html(page: str, name: str) -> str:
    """The cell of a task, for the page of its unit. Raises PageProblem if there is no such task."""
    lab = _lab(page)
    if name not in lab.tasks:
        remedy = f"The tasks of its lab are {', '.join(lab.tasks)}."
        raise PageProblem(page, f"there is no task `{name}`.", remedy)
    given, answer = sources(lab, name)
    title = f"try-{name}"
    facts = {"lab": lab.name, "task": name, "tasks": " ".join(lab.tasks)}
    data = " ".join(f'data-{key}="{escape(value)}"' for key, value in facts.items())
    return (
        f'<section class="try" {data} aria-labelledby="{title}" data-search-exclude>'
        f'<p class="try-head"><strong id="{title}">Try it: <code>{name}</code></strong>'
        '<span class="try-badge">✔ solved</span></p>'
        f"{_given(given)}{_code('try-code', stub(answer))}"
        f"{_instead(lab)}"
        '<div class="try-bar" role="group" aria-label="Run"></div>'
        '<p class="try-summary" role="status"></p><div class="try-results"></div>'
        f"{_ladder(lab.hints(name))}</section>"
    )


def stub(answer: str) -> str:
    """What stands in the cell at first: a task with a line to write at in the answer's place."""
    return _ANSWER.sub(rf"\1{STUB}", answer)


def sources(lab: Lab, name: str) -> tuple[str, str]:
    """What a task is given of `solutions`, and the task itself with its answer between the marks.

    Given are the functions that stand before it in the lab, and what else its own source names.
    Raises PageProblem if its answer calls an earlier task: in a page nobody has written that one.
    """
    offers, earlier = dict[str, str](), set[str]()
    for cell in lab.cells:
        if cell.kind == "task" and cell.name == name:
            return _sources(lab, cell, offers, earlier)
        if cell.kind == "task":
            earlier.add(cell.name)
        elif cell.kind == "given":
            offers |= {name: module for module, name in _imports(cell.source)}
    raise LookupError(name)


def _sources(lab: Lab, cell: Cell, offers: dict[str, str], earlier: set[str]) -> tuple[str, str]:
    uses = _names(excerpt.task(cell.module, cell.name, {*offers, *earlier}))
    if called := sorted(uses & earlier):
        remedy = "Let readers try the earlier one."
        raise PageProblem(lab.name, f"`{cell.name}` calls the task `{called[0]}`.", remedy)
    given, known, others = "", set[str](), _asked_elsewhere(lab)
    for module in dict.fromkeys(offers.values()):
        bound = excerpt.read_module(module).bound
        functions = {name for name in offers if isinstance(bound.get(name), excerpt.FUNCTION)}
        wanted = uses | functions - set(others)
        names = [name for name in offers if offers[name] == module and name in wanted]
        pasted = excerpt.given(module, names, known) if names else ""
        known |= excerpt.names_bound(pasted)
        given = "\n\n\n".join(part for part in (given, pasted) if part)
    if asked := sorted(known & set(others)):
        fact = f"`{cell.name}` is given `{asked[0]}`, which lab {others[asked[0]]} asks for."
        raise PageProblem(lab.name, fact, "Let readers try that one.")
    answer = excerpt.task(cell.module, cell.name, known)
    if foreign := [module for module, _ in _imports(f"{given}\n{answer}")]:
        remedy = "Let the lab give that name before the task."
        raise PageProblem(lab.name, f"`{cell.name}` needs names of `{foreign[0]}`.", remedy)
    return given, answer


def _asked_elsewhere(lab: Lab) -> dict[str, str]:
    """The tasks of all other labs, each with its lab: no page shows an answer to them."""
    files = sorted(ROOT.glob("labs/*/lab.py"))
    others = {file.parent.name: file.read_text("utf-8") for file in files}
    others.pop(lab.name)
    return {task: name for name, text in others.items() for task in _TASK.findall(text)}


def _lab(page: str) -> Lab:
    name = page.rpartition("/")[2].removesuffix(".md")
    if not (ROOT / "labs" / name / "lab.py").is_file():
        remedy = "A task is tried on the page of its unit, which is called as its lab."
        raise PageProblem(page, "it has no lab.", remedy)
    try:
        return lab_of(name)
    except OutgrowError as error:
        raise PageProblem(error.place, f"{error.fact}.", error.remedy) from None


def _imports(source: str) -> list[tuple[str, str]]:
    """(module, name) of each import from `solutions` in a given cell."""
    return [
        (node.module, alias.name)
        for node in ast.parse(source).body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("solutions")
        for alias in node.names
    ]


def _names(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def _given(source: str) -> str:
    if not source:
        return ""
    defined = [n for n in ast.parse(source).body if not isinstance(n, ast.Import | ast.ImportFrom)]
    bound = [name for node in defined for name in sorted(excerpt.names_bound(ast.unparse(node)))]
    names = ", ".join(f"<code>{name}</code>" for name in bound if name[0] != "_")
    return (
        f'<details class="try-given"><summary>Already there: {names}</summary>'
        f"{_code('', source)}</details>"
    )


def _code(look: str, source: str) -> str:
    inside = cast(str, highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)))
    pre = f'<pre class="no-copy" tabindex="0"><code>{inside}</code></pre>'
    return f'<div class="highlight {look}">{pre}</div>'


def _instead(lab: Lab) -> str:
    """What to do where Python cannot run, and what happens where it can."""
    return (
        '<p class="try-off">This cell can run Python in your browser. For that it needs '
        "JavaScript, and a page that a web server sends (from a folder: <code>python -m "
        "http.server</code>). Without these, write the function in the lab: "
        f"<code>outgrow start {lab.name}</code>.</p>"
        '<p class="try-on" hidden>The first cell that you open loads Python into this page, about '
        "14 MB. Your code stays in this browser.</p>"
    )


def _ladder(hints: list[str]) -> str:
    """Each step inside the one before, so that one is opened at a time."""
    inner = ""
    for number, (hint, kind) in reversed(list(enumerate(zip(hints, _HINTS, strict=True), 1))):
        text = markdown.markdown(hint.partition(": ")[2].strip())
        summary = f"<summary>Hint {number} of {len(hints)}: {kind}</summary>"
        inner = f"<details>{summary}{text}{inner}</details>"
    return f'<div class="try-hints">{inner}</div>'
