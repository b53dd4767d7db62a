"""Small notebooks and test files for the judge's own tests."""

import textwrap
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

HEAD = "from autograder.testing import hint, points\n"


def task(name: str, source: str) -> list[NotebookNode]:
    """A task's cell and its check cell."""
    marks = {"nbgrader": {"grade_id": f"task-{name}", "solution": True, "grade": False}}
    check = {"nbgrader": {"grade_id": name, "solution": False, "grade": True, "points": 1.0}}
    text = textwrap.dedent(source).strip()
    return [
        new_code_cell(text, metadata=marks),
        new_code_cell(f'check("{name}")', metadata=check),
    ]


def notebook(*cells: NotebookNode | list[NotebookNode]) -> NotebookNode:
    """A notebook of cells and tasks."""
    flat = [cell for part in cells for cell in (part if isinstance(part, list) else [part])]
    return new_notebook(cells=flat)


def write_tests(folder: Path, visible: str, hidden: str = "") -> list[Path]:
    """`test_lab.py` and, if there is any, `test_hidden.py`."""
    texts = {"test_lab.py": visible, "test_hidden.py": hidden}
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        if text:
            (folder / name).write_text(HEAD + textwrap.dedent(text), "utf-8")
    return [folder / name for name, text in texts.items() if text]
