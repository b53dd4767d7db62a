"""Small notebooks and test files for the judge's own tests."""

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.judge.budget import Budget
from autograder.judge.playback import Playback
from autograder.judge.seeds import seeds
from autograder.judge.session import judge
from autograder.judge.verdict import Verdict

HEAD = "from autograder.testing import hint, points\n"
QUICK = Budget(cells={"f": 3.0, "g": 3.0}, tests={}, total=60.0)
ONE = '''
    @points(2)
    def test_f_doubles(student):
        """Twice the number."""
        assert student.f(4) == 8, hint("Add it to itself.")
'''
LATER = '''
    @points(1)
    def test_g_is_right(student):
        """Later."""
        assert student.g() == 5
'''
Judged = Callable[..., dict[str, Verdict]]


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


def released() -> NotebookNode:
    """A release: prose, a given cell, two tasks and a written answer."""
    given_cell = new_code_cell("import math")
    given_cell.metadata["nbgrader"] = {"grade_id": "given-1", "solution": False, "grade": False}
    why = new_markdown_cell("*Write your answer here.*")
    why.metadata["nbgrader"] = {"grade_id": "why", "solution": True, "grade": True, "points": 2.0}
    tasks = [task(name, f"def {name}(): raise NotImplementedError") for name in ("f", "g")]
    return notebook(new_markdown_cell("# Lab"), given_cell, *tasks, why)


def write_tests(folder: Path, visible: str, hidden: str = "") -> list[Path]:
    """`test_lab.py` and, if there is any, `test_hidden.py`."""
    texts = {"test_lab.py": visible, "test_hidden.py": hidden}
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        if text:
            (folder / name).write_text(HEAD + textwrap.dedent(text), "utf-8")
    return [folder / name for name, text in texts.items() if text]


def judge_text(
    folder: Path,
    nb: NotebookNode,
    visible: str,
    hidden: str = "",
    tasks: Sequence[str] = ("f",),
    limits: Budget = QUICK,
    secret: str = "s",
) -> dict[str, Verdict]:
    """Judge a notebook by test files written as text; the verdicts by test."""
    tests = write_tests(folder / "lab", visible, hidden)
    (folder / "bundle").mkdir(exist_ok=True)
    with Playback(nb, folder / "bundle", limits) as stage:
        verdicts = judge(tests, tasks, stage, seeds(secret))
        stage.outputs()
    return {verdict.test: verdict for verdict in verdicts}
