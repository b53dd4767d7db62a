"""What a lab is given of another one, without the answers, for pages that everybody can read.

A lab may begin with a function that an earlier one asks for. On the site it stands as in the
release of that earlier lab: signature and docstring, and an empty place for the reader's own
answer. What only the answer needs is gone. Two functions are the same if their code is; their
names decide nothing.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.excerpt import Definition, names_bound, read_module
from autograder.lab import Lab
from lectures._site.problem import PageProblem


@dataclass(frozen=True)
class Hidden:
    """A definition that a lab hides; `shown` is what its release has there, "" for a helper."""

    lab: str
    name: str
    shown: str


def hidden(lab: Lab, full: NotebookNode, released: NotebookNode) -> dict[str, Hidden]:
    """What a lab hides, by its code: its tasks, and the helpers that stand in their bodies."""
    tasks = {cell.name: cell for cell in lab.cells if cell.kind == "task"}
    found: dict[str, Hidden] = {}
    for whole, empty in zip(_code(full), _code(released), strict=True):
        if whole.source == empty.source:
            continue
        shown = {name: text for name, _, text in _definitions(empty.source)}
        for name, _, _ in _definitions(whole.source):
            if name in tasks:
                bound = read_module(tasks[name].module).bound[name]
                found[ast.dump(bound)] = Hidden(lab.name, name, shown[name])
        for node in _inner(whole.source):
            found.setdefault(ast.dump(node), Hidden(lab.name, node.name, ""))
    open_to_all = {ast.dump(node) for c in _code(released) for _, node, _ in _definitions(c.source)}
    return {code: each for code, each in found.items() if code not in open_to_all}


def empty(notebook: NotebookNode, hides: Mapping[str, Hidden], place: str) -> list[Hidden]:
    """Take what other labs hide out of the given cells of a notebook; return what they ask for.

    Raises PageProblem if something else in the notebook needs what would be gone.
    """
    given = [c for c in _code(notebook) if not c.metadata.get("nbgrader", {}).get("solution")]
    touched = [c for c in given if any(_found(c.source, hides))]
    asked = [each for c in touched for _, each in _found(c.source, hides) if each.shown]
    gone = {each.name for c in touched for _, each in _found(c.source, hides) if not each.shown}
    for cell in touched:
        cell.source = "\n".join(_kept(cell.source, hides)).strip("\n")
    used = _used(_code(notebook))
    for cell in touched:
        cell.source = "\n".join(_needed(cell.source, used)).strip("\n")
    if gone & used:
        fact = f"it uses {', '.join(sorted(gone & used))}, part of an answer to another lab."
        raise PageProblem(place, fact, "Give it a home of its own in `solutions`.")
    return asked


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _definitions(source: str) -> Iterator[tuple[str, ast.stmt, str]]:
    for node, text in _statements(source):
        if isinstance(node, Definition):
            yield node.name, node, text


def _statements(source: str) -> Iterator[tuple[ast.stmt, str]]:
    """The statements of a cell, each with its lines and those that stand above it."""
    lines, begin = source.splitlines(), 0
    for node in ast.parse(source).body:
        yield node, "\n".join(lines[begin : node.end_lineno])
        begin = node.end_lineno or begin


def _inner(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """The definitions inside of functions, which is where an answer's helpers are pasted."""
    for outer in ast.walk(ast.parse(source)):
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
            nodes = (node for node in ast.walk(outer) if node is not outer)
            yield from (node for node in nodes if isinstance(node, Definition))


def _found(source: str, hides: Mapping[str, Hidden]) -> Iterator[tuple[ast.stmt, Hidden]]:
    for node in ast.parse(source).body:
        if isinstance(node, Definition) and ast.dump(node) in hides:
            yield node, hides[ast.dump(node)]


def _kept(source: str, hides: Mapping[str, Hidden]) -> Iterator[str]:
    for node, text in _statements(source):
        each = hides.get(ast.dump(node))
        if each is None:
            yield text
        elif each.shown:
            above = "\n" * (len(text) - len(text.lstrip("\n")))
            said = f"# Lab {each.lab[:2]} asks for this: put your own answer here."
            yield f"{above}{said}\n{each.shown.strip()}"


def _needed(source: str, used: set[str]) -> Iterator[str]:
    """The statements of a cell without imports that nothing needs."""
    for node, text in _statements(source):
        if not isinstance(node, ast.Import | ast.ImportFrom) or names_bound(text) & used:
            yield text


def _used(cells: Iterable[NotebookNode]) -> set[str]:
    nodes = (node for cell in cells for node in ast.walk(ast.parse(cell.source)))
    return {node.id for node in nodes if isinstance(node, ast.Name)}
