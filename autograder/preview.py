"""`outgrow dev build`: a lab's two notebooks, to look at while writing it."""

from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograder.judge.session import plan
from autograder.judge.verdict import worth
from autograder.lab import Lab
from autograder.notebook import instructor_notebook
from autograder.verify import untouched


def preview(lab: Lab, folder: Path) -> Iterator[Path]:
    """Write the instructor's, the student's and the solution notebook of a lab; yield where they
    are."""
    instructor = instructor_notebook(lab, worth(plan(lab.tests, lab.tasks)))
    made = {"instructor": instructor, "student": untouched(instructor)}
    folder.mkdir(parents=True, exist_ok=True)
    for kind, notebook in made.items():
        path = folder / f"{lab.name}.{kind}.ipynb"
        nbformat.write(notebook, path)
        yield path
