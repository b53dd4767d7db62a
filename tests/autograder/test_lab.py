"""A lab's one source: what is read, and what is said of a source that is wrong."""

from pathlib import Path

import pytest

from autograder.errors import OutgrowError
from autograder.lab import find_labs, read_lab
from autograder.scaffold import LAB, make_lab


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_lab(tmp_path / "labs", "16_windows")


def edit(folder: Path, old: str, new: str) -> Path:
    file = folder / "lab.py"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return folder


def test_header_cells_and_ladder_are_read(folder: Path):
    lab = read_lab(folder)
    assert (lab.name, lab.title, lab.minutes) == ("16_windows", "Windows", 45)
    assert lab.tasks == ["double"]
    assert [cell.kind for cell in lab.cells if cell.kind != "markdown"] == [
        "given", "task", "check", "hints", "answer",
    ]  # fmt: skip
    assert [step.partition(":")[0] for step in lab.hints("double")] == [
        "Concept",
        "API",
        "Skeleton",
    ]
    answer = next(cell for cell in lab.cells if cell.kind == "answer")
    assert (answer.name, answer.points, answer.source) == ("why", 1.0, "It has two as a factor.")


def test_labs_are_found_in_the_order_of_their_numbers(tmp_path: Path):
    for name in ("20_late", "03_early"):
        make_lab(tmp_path / "labs", name)
    (tmp_path / "labs" / "notes").mkdir()
    assert [path.name for path in find_labs(tmp_path / "labs")] == ["03_early", "20_late"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# title: Windows\n", "", "the header misses or does not know: title"),
        ("# minutes: 45", "# minutes: 45\n# colour: red", "does not know: colour"),
        ("# %% task", "# %% taks", "a cell is marked 'taks'"),
        ("import double", "import double, triple", "not one import of one name"),
        ('# %% check double\ncheck("double")', "", "the `check` cells are []"),
        ("# 3. Skeleton", "#   Skeleton", "task `double` has 2 hints"),
        ("# %% answer why", "# %% answer double", "double occurs twice"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(folder: Path, old: str, new: str, said: str):
    with pytest.raises(OutgrowError) as caught:
        read_lab(edit(folder, old, new))
    assert said in str(caught.value)
    assert str(folder / "lab.py") in str(caught.value)


def test_a_folder_without_a_lab_is_said(tmp_path: Path):
    with pytest.raises(OutgrowError, match="there is no lab here"):
        read_lab(tmp_path)


@pytest.mark.parametrize("name", ["windows", "1_windows", "16-windows", "16_Windows"])
def test_a_new_lab_needs_a_proper_name(tmp_path: Path, name: str):
    with pytest.raises(OutgrowError, match="no name for a lab"):
        make_lab(tmp_path / "labs", name)


def test_a_new_lab_overwrites_nothing(folder: Path):
    with pytest.raises(OutgrowError, match="exists already"):
        make_lab(folder.parent, "16_windows")
    assert (folder / "lab.py").read_text("utf-8").startswith(LAB[:10])
