"""The instructor's notebook of a lab, from which nbgrader derives the student's and the solution's.

A cell's nbgrader id is what it is, never where it stands, so that reordering cells breaks nothing:
a check cell is called as its task, a task cell `task-NAME`, a given cell `given-` and a digest of
its text.
"""

import ast
import hashlib
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import excerpt
from autograder.errors import OutgrowError
from autograder.lab import Cell, Lab

SCHEMA = 3
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def instructor_notebook(lab: Lab, points: Mapping[str, float]) -> NotebookNode:
    """The lab as a notebook with answers in it and nbgrader's metadata on it.

    `points` is the worth of each task: the sum over its visible and hidden tests.
    """
    known: set[str] = set()
    cells = [_cell(lab, c, points, known) for c in lab.cells if c.kind != "hints"]
    notebook = new_notebook(cells=cells, metadata=_metadata(lab))
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:03}"
    nbformat.validate(notebook)
    return notebook


def grade_id(cell: Mapping[str, Any]) -> str:
    """The nbgrader id of a notebook's cell, or an empty string; never trusts the metadata's
    shape."""
    mark = cell.get("metadata", {}).get("nbgrader", {})
    name = mark.get("grade_id", "") if isinstance(mark, Mapping) else ""
    return name if isinstance(name, str) else ""


def _metadata(lab: Lab) -> dict[str, Any]:
    hints = {task: lab.hints(task) for task in lab.tasks}
    ours = {"lab": lab.name, "title": lab.title, "needs": lab.needs, "hints": hints}
    return {"kernelspec": KERNEL, "language_info": {"name": "python"}, "outgrow": ours}


def _cell(lab: Lab, cell: Cell, points: Mapping[str, float], known: set[str]) -> NotebookNode:
    if cell.kind == "markdown":
        return new_markdown_cell(cell.source)
    if cell.kind == "answer":
        return _answer(cell)
    source = _source(lab, cell, known)
    known |= excerpt.names_bound(source)
    if cell.kind == "check":
        marks = _marks(cell.name, grade=True, locked=True, points=points[cell.name])
    elif cell.kind == "task":
        marks = _marks(f"task-{cell.name}", solution=True)
    else:
        digest = hashlib.sha256(source.encode()).hexdigest()[:8]
        marks = _marks(f"given-{digest}", locked=True)
    return new_code_cell(source, metadata={"nbgrader": marks})


def _answer(cell: Cell) -> NotebookNode:
    source = f"{excerpt.BEGIN}\n{cell.source}\n{excerpt.END}"
    marks = _marks(cell.name, grade=True, solution=True, points=cell.points, cell_type="markdown")
    return new_markdown_cell(source, metadata={"nbgrader": marks})


def _marks(name: str, cell_type: str = "code", **flags: Any) -> dict[str, Any]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    return {**plain, "schema_version": SCHEMA, "cell_type": cell_type, "grade_id": name, **flags}


def _source(lab: Lab, cell: Cell, known: set[str]) -> str:
    try:
        if cell.kind == "task":
            return excerpt.task(cell.module, cell.name, known)
        return _given(cell.source, known) if cell.kind == "given" else cell.source
    except SyntaxError as error:
        place = f"{lab.folder / 'lab.py'}, {cell.kind} {cell.name}".rstrip()
        raise OutgrowError(f"not valid Python: {error}", place, "Mend the cell.") from None


def _given(source: str, known: set[str]) -> str:
    """A given cell's text, with each import from `solutions` replaced by what it imports."""
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("solutions"):
            pasted = excerpt.given(node.module or "", [a.name for a in node.names], known)
            lines[node.lineno - 1 : node.end_lineno] = pasted.splitlines()
    return "\n".join(lines)
