"""Whatever was handed in becomes a clean notebook, with a clear note on what was wrong with it."""

import json
from contextlib import suppress
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder import cells, intake
from autograder.cells import CLEAR, SAVE_AGAIN
from autograder.handin import Unreadable
from autograder.notebook import grade_id
from tests.autograder.notebooks import released


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
    f"the file is not UTF-8 text (byte 2): {SAVE_AGAIN}": b'{"\xff\xfe": 1}',
    f"the file is not UTF-8 text (byte 0): {SAVE_AGAIN}": '{"cells": []}'.encode("utf-16"),
    f"the file holds `cells` twice in one place: {SAVE_AGAIN}": '{"cells": [], "cells": []}',
    f"the notebook holds more than 300,000 lists and objects: {CLEAR}": "[" + "[]," * 300_001,
    "the file is JSON, but no notebook: it has no list of cells": "[1, 2]",
    "the file is no notebook: it is nested too deeply": "[" * 200_000,
    "the notebook has more than 2,000 cells, which is the limit": json.dumps(
        {"cells": [{}] * 2001}
    ),
    "the notebook has 2,001 cells; 2,000 is the limit": json.dumps({"cells": [1] * 2001}),
    "the file is 21.0 MiB large; 20 MiB is the limit": " " * (21 * 2**20),
}


@pytest.mark.parametrize("problem", UNREADABLE)
def test_what_cannot_be_read_is_named_and_leaves_the_release(tmp_path: Path, problem: str):
    taken = submit(tmp_path, UNREADABLE[problem])
    assert taken.problem == problem
    assert sources(taken.notebook) == sources(released())


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, '{"cells": [' + "{}," * 10**6 + "{}]}", "[" + "[]," * 10**6 + "[]]"],
    ids=["depth", "cells", "parts"],
)
def test_what_is_too_much_is_refused_before_it_is_parsed(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cells.json, "loads", pytest.fail)
    (tmp_path / "lab.ipynb").write_text(text)
    assert intake.take_in(tmp_path / "lab.ipynb", released()).problem


def test_a_file_of_gigabytes_is_refused_unread(tmp_path: Path):
    with (tmp_path / "lab.ipynb").open("wb") as file:
        file.truncate(2 * 2**30)
    taken = intake.take_in(tmp_path / "lab.ipynb", released())
    assert taken.problem == "the file is 2,048.0 MiB large; 20 MiB is the limit"


def test_what_no_reader_needs_does_no_harm(tmp_path: Path):
    """A mark of the byte order, NaN, numbers beyond any type: some honest tools write them."""
    work = released()
    at(work, "task-f").source = "def f(): return 1"
    text = json.dumps(work).removesuffix("}")
    text += f', "a": NaN, "b": -Infinity, "c": {"9" * 10_000}, "d": 1e999}}'
    taken = submit(tmp_path, b"\xef\xbb\xbf" + text.encode())
    assert (taken.problem, taken.notes) == ("", ())
    assert sources(taken.notebook) == sources(work)


def test_what_is_no_text_or_too_long_is_left_out_and_noted(tmp_path: Path):
    work = released()
    at(work, "task-f")["source"] = ["def f(): ", {"return": 1}, "pass"]
    at(work, "task-g")["source"] = "#" * 200_001
    work.cells.append({"cell_type": "code", "source": 5, "metadata": {}})
    taken = submit(tmp_path, work)
    assert at(taken.notebook, "task-f").source == "def f(): pass"
    assert at(taken.notebook, "task-g").source == ""
    assert taken.notes == (
        "the cell `task-f` held what is no text; that was left out",
        "the cell `task-g` is 200,001 characters long; 200,000 characters is the limit, "
        "so it was left out",
        "a cell held what is no text; that was left out",
    )


def test_names_of_cells_reach_no_terminal_raw_and_notes_are_few(tmp_path: Path):
    work = released()
    nasty = "\x1b]52;c;ZXZpbA==\x07\x1b[31m\u202e\ud800[red]\n" + "x" * 1000
    for number in range(50):
        own = new_code_cell("1", metadata={"nbgrader": {"grade_id": f"{nasty}{number}"}})
        work.cells.append(own)
    taken = submit(tmp_path, work)
    assert len(taken.notes) == 21
    assert taken.notes[-1] == "and 30 more such notes"
    assert taken.notes[0].startswith("a cell called itself `⟨U+202E⟩?[red] xxx")
    assert max(map(len, taken.notes)) <= 300
    json.dumps(taken.notes, ensure_ascii=False).encode()


ids = st.sampled_from(["given-1", "task-f", "f", "task-g", "g", "why", "other", "", 7, None])
anything = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just({"a": [1]})
any_cells = st.fixed_dictionaries(
    {
        "id": anything,
        "cell_type": st.sampled_from(["code", "markdown", "raw", 3, None, []]),
        "source": st.text(max_size=10) | st.lists(anything, max_size=3) | anything,
        "metadata": st.fixed_dictionaries({"nbgrader": st.fixed_dictionaries({"grade_id": ids})})
        | st.just({"nbgrader": 5})
        | st.just({"nbgrader": {"grade_id": "f", "points": [], "solution": "yes"}, "tags": 5})
        | anything
        | st.just([]),
    }
)


@given(st.lists(any_cells | anything, max_size=15))
def test_any_list_of_cells_gives_the_release_s_locked_cells_each_once(work: list):
    clean, notes = cells.read_cells(json.dumps({"cells": work}).encode())
    assert all(isinstance(note, str) for note in notes)
    restored, _ = intake.restore(clean, released())
    expected = [grade_id(cell) for cell in released().cells if grade_id(cell)]
    assert [grade_id(cell) for cell in restored.cells if grade_id(cell)] == expected
    for name in ("given-1", "f", "g"):
        assert at(restored, name).source == at(released(), name).source
    nbformat.validate(restored)


@given(st.binary(max_size=300) | st.text(alphabet='[]{}",:\\x0 ', max_size=80).map(str.encode))
def test_any_bytes_are_refused_or_read(content: bytes):
    with suppress(Unreadable):
        cells.read_cells(content)
