"""Intake: a submitted file becomes a clean notebook, and whatever was wrong with it becomes a note.

Nothing of the file is trusted. Of each cell only its type, its text and its nbgrader id are read;
locked cells, points, order and kernel come from the release. A file that cannot be read at all
leaves the release as it was, so the submission earns nothing, says why, and still has its place in
gradebook and feedback.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.cells import read_cells
from autograder.handin import Unreadable, read_file
from autograder.notebook import grade_id
from autograder.plaintext import line

MAX_NOTES = 20
CHECK = "check("


@dataclass(frozen=True)
class Intake:
    """A notebook to be judged, notes for its author, and the problem if it could not be read."""

    notebook: NotebookNode
    notes: tuple[str, ...] = ()
    problem: str = ""


def take_in(path: Path, release: NotebookNode) -> Intake:
    """Read the submission at `path`; never raises for what is in it.

    The last three names of the path (student, lab, file) may be no links.
    """
    try:
        cells, notes = read_cells(_read(path))
    except Unreadable as error:
        return Intake(deepcopy(release), (line(str(error)),), line(str(error)))
    notebook, undone = restore(cells, release)
    return Intake(notebook, _some([*notes, *undone]))


def same_files(path: Path) -> list[str]:
    """The names of notebooks beside `path` that hold the same: what its author had called it."""
    beside = sorted(path.parent.glob("*.ipynb"))[:MAX_NOTES]
    return [line(other.name) for other in beside if other.name != path.name and _same(other, path)]


def _same(one: Path, other: Path) -> bool:
    try:
        return _read(one) == _read(other)
    except Unreadable:
        return False


def _some(notes: list[str]) -> tuple[str, ...]:
    shown = [line(note) for note in notes[:MAX_NOTES]]
    more = len(notes) - len(shown)
    return (*shown, f"and {more:,} more such notes") if more else tuple(shown)


def _read(path: Path) -> bytes:
    names = path.parts[-3:]
    content = read_file(path.parents[len(names) - 1], *names)
    if not content:
        raise Unreadable("nothing was handed in")
    return content


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
