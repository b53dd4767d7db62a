"""Slices of notebooks: no cell that a task's needs is missing, and demonstrations are."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import verify
from autograder.answers import Answer
from autograder.course.release import staged
from autograder.judge.session import plan
from autograder.judge.verdict import worth
from autograder.lab import Lab
from autograder.notebook import instructor_notebook
from autograder.slices import backward_slice

FIRST = "import math"


def notebook(*above: str, task: str) -> NotebookNode:
    """A notebook with a task `t`, its check, and a demonstration below."""
    cells = [new_code_cell(source) for source in (FIRST, *above, task, 'check("t")', "t(0)")]
    marks = {"task-t": cells[-3], "t": cells[-2]}
    for name, cell in marks.items():
        cell.metadata["nbgrader"] = {"grade_id": name}
    return new_notebook(cells=[new_markdown_cell("# Title"), *cells])


@pytest.mark.parametrize(
    ("above", "task", "kept"),
    [
        (["a = 1", "b = 2"], "t = b", ["b = 2"]),
        (["a = 1", "b = a", "print(b)"], "t = b", ["a = 1", "b = a"]),
        (["a = 1", "a = 2"], "t = a", ["a = 2"]),
        (["a = 1", "a = a + 1"], "t = a", ["a = 1", "a = a + 1"]),
        (["a = 1", "a += 1"], "t = a", ["a = 1", "a += 1"]),
        (["a = 1", "for a in 'xy': pass"], "t = a", ["for a in 'xy': pass"]),
        (["a = 1", "def f(x): return x + a"], "t = f", ["a = 1", "def f(x): return x + a"]),
        (["x = 1", "def f(x): return x"], "t = f", ["def f(x): return x"]),
        (["n = 1", "a = [n for n in 'xy']"], "t = a", ["a = [n for n in 'xy']"]),
        (["w = 1", "with open('f') as w: a = w"], "t = a", ["with open('f') as w: a = w"]),
        (["import os", "from os import path as p"], "def t(): p()", ["from os import path as p"]),
    ],
)  # fmt: skip
def test_cells_are_kept_for_the_names_they_bind(above: list[str], task: str, kept: list[str]):
    part = backward_slice(notebook(*above, task=task), "t")
    assert [cell.source for cell in part.cells] == [FIRST, *kept, task, 'check("t")']


def test_an_answer_that_needs_more_than_names_is_judged_in_the_whole_notebook(lab: Lab):
    whole = instructor_notebook(lab, worth(plan(lab.tests, lab.tasks)))
    aside = new_code_cell('open("aside", "w").close()')
    whole.cells.insert(1, new_code_cell("import math"))
    whole.cells.insert(2, aside)
    source = "def double(n):\n    return open('aside').read() or 2 * n\n"
    answer = Answer(lab.folder / "answers/right/double_aside.py", "double", True, source)
    with staged(lab) as bundle:
        judged = verify.Judged(lab, whole, bundle, verify.Budget())
        assert verify.judge_answer(judged, answer).fault == ""
        aside.source = ""
        assert "No such file" in verify.judge_answer(judged, answer).fault
