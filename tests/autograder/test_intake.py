"""Whatever was handed in becomes a clean notebook, with a clear note on what was wrong with it."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import intake
from autograder.notebook import grade_id
from tests.autograder.notebooks import notebook, task


def released() -> NotebookNode:
    """A release: prose, a given cell, two tasks and a written answer."""
    given_cell = new_code_cell("import math")
    given_cell.metadata["nbgrader"] = {"grade_id": "given-1", "solution": False, "grade": False}
    why = new_markdown_cell("*Write your answer here.*")
    why.metadata["nbgrader"] = {"grade_id": "why", "solution": True, "grade": True, "points": 2.0}
    tasks = [task(name, f"def {name}(): raise NotImplementedError") for name in ("f", "g")]
    return notebook(new_markdown_cell("# Lab"), given_cell, *tasks, why)


def submit(tmp_path: Path, nb: NotebookNode | str | bytes) -> intake.Intake:
    path = tmp_path / "lab.ipynb"
    data = json.dumps(nb) if isinstance(nb, dict) else nb
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return intake.take_in(path, released())


def sources(nb: NotebookNode) -> list[str]:
    return [cell.source for cell in nb.cells]


def at(nb: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in nb.cells if grade_id(cell) == name)


def test_answers_and_own_cells_are_kept_in_their_places(tmp_path: Path):
    work = released()
    at(work, "task-f").source = "def f(): return 1"
    at(work, "why").source = "Because."
    work.cells.insert(3, new_code_cell("print('mine')"))
    taken = submit(tmp_path, work)
    assert taken.notes == ()
    assert sources(taken.notebook) == sources(work)


def test_saved_outputs_and_metadata_are_dropped(tmp_path: Path):
    work = released()
    check = at(work, "f")
    check["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "100"}}]
    check.metadata["collapsed"] = True
    work.metadata["kernelspec"] = {"name": "evil", "display_name": "x"}
    taken = submit(tmp_path, work)
    assert at(taken.notebook, "f").outputs == []
    assert taken.notebook.metadata == released().metadata


@pytest.mark.parametrize("name", ["given-1", "f"])
def test_an_edited_locked_cell_is_put_back(tmp_path: Path, name: str):
    work = released()
    at(work, name).source = "check = lambda name: 100"
    taken = submit(tmp_path, work)
    assert at(taken.notebook, name).source == at(released(), name).source
    assert taken.notes == (f"the cell `{name}` had been edited; it was put back from the release",)


@pytest.mark.parametrize("name", ["given-1", "task-f", "f", "why"])
def test_a_deleted_cell_is_put_back(tmp_path: Path, name: str):
    work = released()
    work.cells = [cell for cell in work.cells if grade_id(cell) != name]
    taken = submit(tmp_path, work)
    assert [grade_id(c) for c in taken.notebook.cells] == [grade_id(c) for c in released().cells]
    assert taken.notes == (f"the cell `{name}` was missing; it was put back from the release",)


def test_of_a_duplicated_cell_the_first_counts(tmp_path: Path):
    work = released()
    at(work, "task-f").source = "def f(): return 'first'"
    again = deepcopy(at(work, "task-f"))
    again.source = "def f(): return 'second'"
    work.cells.append(again)
    taken = submit(tmp_path, work)
    assert "second" not in "".join(sources(taken.notebook))
    assert taken.notes == ("the cell `task-f` was there twice; the first counts",)


def test_a_pasted_check_line_is_no_cell_to_run(tmp_path: Path):
    work = released()
    work.cells.append(new_code_cell('check("f")'))
    assert len(submit(tmp_path, work).notebook.cells) == len(released().cells)


def test_points_ids_and_types_come_from_the_release(tmp_path: Path):
    work = released()
    at(work, "f").metadata.nbgrader["points"] = 1000.0
    at(work, "task-f")["cell_type"] = "markdown"
    at(work, "task-g").metadata.nbgrader["grade_id"] = "task-z"
    taken = submit(tmp_path, work)
    assert at(taken.notebook, "f").metadata.nbgrader.points == 1.0
    assert at(taken.notebook, "task-f").cell_type == "code"
    assert taken.notes == (
        "a cell called itself `task-z`, which the lab does not know",
        "the cell `task-g` was missing; it was put back from the release",
    )


def test_reordered_cells_come_back_in_the_order_of_the_release(tmp_path: Path):
    work = released()
    work.cells.reverse()
    ids = [grade_id(c) for c in submit(tmp_path, work).notebook.cells if grade_id(c)]
    assert ids == [grade_id(c) for c in released().cells if grade_id(c)]


UNREADABLE = {
    "nothing was handed in": "",
    "the file is no notebook: Expecting value at line 1, column 1": "dear teacher",
    "the file is no notebook: Invalid control character at line 2, column 12": '{\n"cells": "a\n',
    "the file is not UTF-8 text (byte 2)": b'{"\xff\xfe": 1}',
    "the file is JSON, but no notebook: it has no list of cells": "[1, 2]",
    "the file is no notebook: it is nested too deeply": "[" * 200_000,
    "the notebook has 2,001 cells; 2,000 is the limit": json.dumps({"cells": [{}] * 2001}),
    "the file is 20 MiB large; 20 MiB is the limit": " " * (20 * 2**20 + 1),
}


@pytest.mark.parametrize("problem", UNREADABLE)
def test_what_cannot_be_read_is_named_and_leaves_the_release(tmp_path: Path, problem: str):
    taken = submit(tmp_path, UNREADABLE[problem])
    assert taken.problem == problem
    assert sources(taken.notebook) == sources(released())


def test_a_link_is_not_followed(tmp_path: Path):
    (tmp_path / "other.ipynb").write_text(json.dumps(released()))
    (tmp_path / "lab.ipynb").symlink_to(tmp_path / "other.ipynb")
    assert intake.take_in(tmp_path / "lab.ipynb", released()).problem


ids = st.sampled_from(["given-1", "task-f", "f", "task-g", "g", "why", "other", "", 7, None])
cells = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw", 3]),
        "source": st.text(max_size=10) | st.lists(st.text(max_size=5), max_size=3) | st.none(),
        "metadata": st.fixed_dictionaries({"nbgrader": st.fixed_dictionaries({"grade_id": ids})})
        | st.just({"nbgrader": 5})
        | st.just([]),
    }
)


@given(st.lists(cells, max_size=15))
def test_any_list_of_cells_gives_the_release_s_locked_cells_each_once(work: list):
    clean = [intake._clean(cell) for cell in work]
    restored, _ = intake.restore(clean, released())
    expected = [grade_id(cell) for cell in released().cells if grade_id(cell)]
    assert [grade_id(cell) for cell in restored.cells if grade_id(cell)] == expected
    for name in ("given-1", "f", "g"):
        assert at(restored, name).source == at(released(), name).source
