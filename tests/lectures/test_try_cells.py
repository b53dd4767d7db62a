"""Cells to try a task in: what their HTML says, and what cannot be tried."""

import pytest

from lectures._site import try_cells
from lectures._site.problem import PageProblem

PAGE = "02_task_graphs.md"


def test_a_cell_has_the_specification_and_not_the_answer():
    cell = try_cells.html(PAGE, "toposort")
    assert "Chains may be 100,000 tasks long." in cell
    assert "NotImplementedError" in cell
    assert "SOLUTION" not in cell
    assert "missing" not in cell.split("try-hints")[0].split("try-code")[1]


def test_a_cell_says_what_to_do_where_python_cannot_run():
    cell = try_cells.html(PAGE, "toposort")
    assert "<code>outgrow start 02_task_graphs</code>" in cell


def test_each_hint_lies_in_the_one_before():
    ladder = try_cells.html(PAGE, "toposort").partition('<div class="try-hints">')[2]
    assert ladder.count("<summary>Hint") == 3
    assert "</details>" not in ladder[: ladder.index("Hint 3 of 3")]


@pytest.mark.parametrize(
    ("page", "task", "fact"),
    [
        (PAGE, "topsort", "there is no task `topsort`. The tasks of its lab are toposort"),
        (PAGE, "critical_path", "`critical_path` calls the task `toposort`. Let readers"),
        ("03_scheduling.md", "assign", "`assign` needs names of `solutions.machines`"),
        ("03_scheduling.md", "schedule", "is given `toposort`, which lab 02_task_graphs asks"),
        ("glossary.md", "toposort", "it has no lab. A task is tried on the page of its unit"),
    ],
)
def test_what_cannot_be_tried_is_refused(page: str, task: str, fact: str):
    with pytest.raises(PageProblem, match=fact):
        try_cells.html(page, task)
