"""Answer files: whose they are, and what a wrong one must say of itself."""

from pathlib import Path

import pytest

from autograder.answers import read_answers
from autograder.errors import OutgrowError
from autograder.lab import read_lab
from autograder.scaffold import make_lab

DOUBLE = "def double(n):\n    return n + n\n"
SAID = '"""Add two.\n\ncaught_by: test_double\nhint: Twice\n"""\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new lab, whose one task is called `double`, without answers."""
    folder = make_lab(tmp_path / "labs", "16_windows")
    for answer in folder.glob("answers/*/*.py"):
        answer.unlink()
    return folder


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / "answers" / name
    path.write_text(text, "utf-8")
    return path


def test_right_answers_come_first_and_wrong_ones_say_what_catches_them(folder: Path):
    write(folder, "wrong/double_adds.py", SAID + DOUBLE)
    write(folder, "right/double_sum.py", DOUBLE)
    right, wrong = read_answers(read_lab(folder))
    assert (right.name, right.right, right.caught_by) == ("right/double_sum", True, "")
    assert (wrong.task, wrong.caught_by, wrong.hint) == ("double", "test_double", "Twice")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("wrong/double_a.py", DOUBLE, "does not say what catches it"),
        ("wrong/double_a.py", SAID.replace(" test_double", ""), "does not say what catches it"),
        ("wrong/double_a.py", SAID.replace(" Twice", "  "), "does not say what catches it"),
        ("wrong/double_a.py", SAID + "def double(n)\n", "no Python: expected ':'"),
        ("right/double_a.py", "def double(n)\n", "no Python: expected ':'"),
        ("right/triple_a.py", DOUBLE, "belongs to no task"),
        ("maybe/double_a.py", DOUBLE, "belongs to no task"),
    ],
)
def test_an_answer_that_is_not_as_it_should_be_is_named(
    folder: Path, name: str, text: str, said: str
):
    (folder / "answers" / "maybe").mkdir()
    path = write(folder, name, text)
    with pytest.raises(OutgrowError, match=said) as caught:
        read_answers(read_lab(folder))
    assert str(path) in str(caught.value)
