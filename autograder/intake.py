"""Intake: a submitted file becomes a clean notebook, and whatever was wrong with it becomes a note.

Nothing of the file is trusted. Of each cell only its type, its text and its nbgrader id are read;
locked cells, points, order and kernel come from the release. A file that cannot be read at all
leaves the release as it was, so the submission earns nothing, says why, and still has its place in
gradebook and feedback.
"""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.notebook import grade_id

MAX_BYTES = 20 * 2**20
MAX_CELLS = 2_000
CHECK = "check("


class Unreadable(ValueError):
    """A submitted file that is no notebook: the fact, in words for its author."""


@dataclass(frozen=True)
class Intake:
    """A notebook to be judged, notes for its author, and the problem if it could not be read."""

    notebook: NotebookNode
    notes: tuple[str, ...] = ()
    problem: str = ""


def take_in(path: Path, release: NotebookNode) -> Intake:
    """Read the submission at `path`; never raises for what is in it."""
    try:
        cells = _read_cells(path)
    except Unreadable as error:
        return Intake(deepcopy(release), (str(error),), str(error))
    notebook, notes = restore(cells, release)
    return Intake(notebook, tuple(notes))


def _read_cells(path: Path) -> list[NotebookNode]:
    tree = _read_json(path)
    cells = tree.get("cells") if isinstance(tree, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("the file is JSON, but no notebook: it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"the notebook has {len(cells):,} cells; {MAX_CELLS:,} is the limit")
    return [_clean(cell) for cell in cells if isinstance(cell, dict)]


def _read_json(path: Path) -> Any:
    if path.is_symlink() or not path.is_file():
        raise Unreadable(f"there is no file {path.name}")
    if path.stat().st_size == 0:
        raise Unreadable("nothing was handed in")
    if path.stat().st_size > MAX_BYTES:
        size = f"{path.stat().st_size / 2**20:.0f} MiB"
        raise Unreadable(f"the file is {size} large; {MAX_BYTES // 2**20} MiB is the limit")
    try:
        return json.loads(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(f"the file is not UTF-8 text (byte {error.start})") from None
    except json.JSONDecodeError as error:
        fact = f"{error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}"
        raise Unreadable(f"the file is no notebook: {fact}") from None
    except (RecursionError, ValueError):
        raise Unreadable("the file is no notebook: it is nested too deeply") from None


def _clean(cell: Mapping[str, Any]) -> NotebookNode:
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    text = text.encode("utf-8", "replace").decode()
    make = new_code_cell if cell.get("cell_type") == "code" else new_markdown_cell
    name = grade_id(cell) if isinstance(cell.get("metadata", {}), dict) else ""
    return make(text, metadata={"nbgrader": {"grade_id": name}} if name else {})


def restore(
    submitted: Iterable[NotebookNode], release: NotebookNode
) -> tuple[NotebookNode, list[str]]:
    """The release with the student's answers and own cells in it, and a note on each change
    undone."""
    anchors = {grade_id(cell): cell for cell in release.cells if grade_id(cell)}
    found, own, notes = _sort_out(submitted, anchors)
    notebook = deepcopy(release)
    cells = own.pop("", [])
    for cell in (c for c in notebook.cells if grade_id(c)):
        name = grade_id(cell)
        notes += _fill(cell, found.get(name))
        cells += [cell, *own.get(name, [])]
    notebook.cells = cells
    return notebook, notes


def _sort_out(
    submitted: Iterable[NotebookNode], anchors: Mapping[str, NotebookNode]
) -> tuple[dict[str, NotebookNode], dict[str, list[NotebookNode]], list[str]]:
    """The student's version of each cell of the release, and the student's own cells by what
    they follow."""
    found: dict[str, NotebookNode] = {}
    own: dict[str, list[NotebookNode]] = {}
    notes: list[str] = []
    last = ""
    for cell in submitted:
        name = grade_id(cell)
        if name in found:
            notes.append(f"the cell `{name}` was there twice; the first counts")
        elif name in anchors:
            found[name], last = cell, name
        else:
            if name:
                notes.append(f"a cell called itself `{name}`, which the lab does not know")
                cell.metadata.pop("nbgrader")
            if not _is_check(cell):
                own.setdefault(last, []).append(cell)
    return found, own, notes


def _is_check(cell: NotebookNode) -> bool:
    """A copied check line: the judge runs the tests itself."""
    return cell.cell_type == "code" and cell.source.strip().startswith(CHECK)


def _fill(cell: NotebookNode, theirs: NotebookNode | None) -> list[str]:
    """Put the student's text into a cell to be answered; leave a locked one as released."""
    name, marks = grade_id(cell), cell.metadata.nbgrader
    if theirs is None:
        return [f"the cell `{name}` was missing; it was put back from the release"]
    if marks.solution:
        cell.source = theirs.source
        return []
    if theirs.source.strip() != cell.source.strip() or theirs.cell_type != cell.cell_type:
        return [f"the cell `{name}` had been edited; it was put back from the release"]
    return []
