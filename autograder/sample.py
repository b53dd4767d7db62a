"""A sample class, kept as text: each file says how one student answered one lab.

    about: right in another way          what this submission is an example of
    base: reference          what stands in the cells not named: the reference, or `release`
    cells:
      toposort: right/toposort_generations      an answer file of the lab, by its name
      fuse: |                                   or the text itself
        def fuse(graph, keys): ...
    loses: [fuse]                        the tasks that must not earn all their points

A file with `file:` instead of cells is handed in as it stands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml

from autograder.course.folder import Course
from autograder.errors import OutgrowError
from autograder.notebook import grade_id


@dataclass(frozen=True)
class Sample:
    """One student's submission for one lab, as the text says it."""

    student: str
    lab: str
    about: str
    loses: tuple[str, ...]
    cells: Mapping[str, str]
    base: str = "reference"
    file: str | None = None


def read_class(folder: Path) -> list[Sample]:
    """The samples in `folder/LAB/STUDENT.yml`, by lab and student."""
    files = sorted(folder.glob("*/*.yml"))
    if not files:
        raise OutgrowError("there is no sample class here", folder, "It comes with the checkout.")
    return [_read(path) for path in files]


def _read(path: Path) -> Sample:
    text: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    loses, cells = tuple(text.pop("loses", ())), text.pop("cells", {})
    return Sample(path.stem, path.parent.name, text.pop("about"), loses, cells, **text)


def hand_in(course: Course, samples: list[Sample], inbox: Path) -> Iterator[Path]:
    """Write each sample as the student would have handed it in: `inbox/LAB/STUDENT/LAB.ipynb`."""
    for sample in samples:
        path = inbox / sample.lab / sample.student / f"{sample.lab}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            sample.file if sample.file is not None else _notebook(course, sample), "utf-8"
        )
        yield path


def _notebook(course: Course, sample: Sample) -> str:
    stage = "solution" if sample.base == "reference" else "release"
    notebook = nbformat.read(course.notebook(stage, sample.lab), as_version=4)
    answers = course.labs / sample.lab / "answers"
    for cell in notebook.cells:
        name = grade_id(cell).removeprefix("task-")
        if name in sample.cells and grade_id(cell) != name:
            text = sample.cells[name]
            known = answers / f"{text}.py"
            cell.source = known.read_text("utf-8") if "\n" not in text and known.is_file() else text
        elif name in sample.cells and cell.cell_type == "markdown":
            cell.source = sample.cells[name]
    return nbformat.writes(notebook)
