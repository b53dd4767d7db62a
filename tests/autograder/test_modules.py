"""A lab's modules: several files of tests a side, and the helpers that they share."""

import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import nbformat
import pytest

from autograder.checking import Local
from autograder.course.exam import planned_of
from autograder.course.folder import Course
from autograder.course.release import staged
from autograder.desk import check_all, desk
from autograder.errors import OutgrowError
from autograder.judge.seeds import seeds
from autograder.judge.session import judge, plan
from autograder.judge.verdict import Verdict, worth
from autograder.lab import Lab, read_lab
from autograder.modules import stray, taken
from autograder.verify import verify
from tests.autograder.tiny import NAME, answered, tiny_lab

HELPER = '''"""Numbers to be doubled."""

from autograder.testing import hint

WORTH = 1


def draw(rng):
    return int(rng.integers(1, 100))


def check_double(found, number):
    assert found == 2 * number, hint("Twice.")
'''
TEST = '''"""Tests."""

from autograder.testing import points
from numbers_drawn import WORTH, check_double, draw


@points(WORTH)
def test_double_of_a_{name}_number(student, rng):
    """A {name} number."""
    number = draw(rng)
    check_double(student.double(number), number)
'''


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """The tiny lab with two files of tests a side and a helper of all of them."""
    with tiny_lab(tmp_path) as found:
        add(found, "numbers_drawn.py", HELPER)
        add(found, "test_lab_drawn.py", TEST.format(name="drawn"))
        add(found, "test_hidden_drawn.py", TEST.format(name="secret"))
        yield found


def add(lab: Lab, name: str, text: str) -> None:
    (lab.folder / name).write_text(text, "utf-8")


def judged(lab: Lab, number: int) -> tuple[Verdict, ...]:
    """A student's answer that is always the same number."""
    stage = Local({"double": lambda _: number})
    return judge(lab.visible, lab.tasks, stage, seeds("s"))


def test_a_file_s_name_says_whose_it_is(lab: Lab):
    assert [path.name for path in lab.visible] == ["test_lab.py", "test_lab_drawn.py"]
    assert [path.name for path in lab.hidden] == ["test_hidden.py", "test_hidden_drawn.py"]
    assert [path.name for path in lab.helpers] == ["numbers_drawn.py"]
    assert [(test.test, test.hidden) for test in plan(lab.tests, lab.tasks)] == [
        ("test_double_of_a_small_number", False),
        ("test_double_of_a_drawn_number", False),
        ("test_double_of_any_number", True),
        ("test_double_of_a_secret_number", True),
    ]


def test_a_lab_without_hidden_tests_is_said(lab: Lab):
    for path in lab.hidden:
        path.unlink()
    with pytest.raises(OutgrowError, match="there are no hidden tests"):
        print(lab.tests)


def test_an_assertion_in_a_helper_tells_what_was_expected_and_what_came(lab: Lab):
    drawn = judged(lab, 7)[1]
    assert (drawn.outcome, drawn.actual, drawn.hint) == ("failed", "7", "Twice.")
    assert drawn.expected.isdigit()


def test_no_trace_of_a_helper_is_left_and_it_is_read_anew(lab: Lab, monkeypatch):
    ours = sys.modules[__name__]
    monkeypatch.setitem(sys.modules, "numbers_drawn", ours)
    path, loaded = [*sys.path], set(sys.modules)
    judged(lab, 42)
    add(lab, "numbers_drawn.py", HELPER.replace("2 * number", "42"))
    assert [verdict.outcome for verdict in judged(lab, 42)] == ["passed", "passed"]
    assert sys.path == path
    assert set(sys.modules) - loaded == set()
    assert sys.modules["numbers_drawn"] is ours


def test_a_student_s_own_module_stays_the_same_during_a_check(lab: Lab, monkeypatch):
    add(lab, "my_tools.py", "def double(number): return 2 * number\n")
    monkeypatch.syspath_prepend(lab.folder)
    my_tools, seen = import_module("my_tools"), []
    tools = {"double": lambda number: seen.append(sys.modules["my_tools"]) or 2 * number}
    verdicts = judge(lab.visible, lab.tasks, Local(tools), seeds("s"))
    assert [verdict.outcome for verdict in verdicts] == ["passed", "passed"]
    assert seen == [my_tools, my_tools]


def test_two_labs_may_call_different_helpers_the_same(lab: Lab, tmp_path: Path):
    other = read_lab(shutil.copytree(lab.folder, tmp_path / "other" / NAME))
    add(other, "numbers_drawn.py", HELPER.replace("2 * number", "42"))
    assert [verdict.outcome for verdict in judged(lab, 42)] == ["passed", "failed"]
    assert [verdict.outcome for verdict in judged(other, 42)] == ["passed", "passed"]
    assert [verdict.outcome for verdict in judged(lab, 42)] == ["passed", "failed"]


def test_a_course_sees_that_a_helper_has_changed(lab: Lab, tmp_path: Path):
    course = Course(tmp_path, "course", "A course", lab.folder.parent)
    assert worth(planned_of(course, NAME)) == {"double": 4}
    add(lab, "numbers_drawn.py", HELPER.replace("WORTH = 1", "WORTH = 2"))
    assert worth(planned_of(course, NAME)) == {"double": 6}


def test_a_student_gets_visible_tests_and_helpers_and_they_run_there(lab: Lab, tmp_path: Path):
    expected = {"README.md", "numbers_drawn.py", "test_lab.py", "test_lab_drawn.py"}
    with staged(lab) as bundle:
        assert {path.name for path in bundle.iterdir()} == expected
    made = desk(lab.folder.parent, tmp_path / "work", NAME, print)
    text = made.notebook.read_text("utf-8")
    made.notebook.write_text(answered("return 2 * number", text), "utf-8")
    assert (check_all(made).earned, check_all(made).points) == (2, 2)
    nbformat.read(made.notebook, as_version=4)


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("test_hiden.py", "", "stray: test_hiden.py"),
        ("unused.py", "", "stray: unused.py"),
        ("statistics.py", "", "another module is called so: statistics.py"),
        ("pandas.py", "", "another module is called so: pandas.py"),
        ("numbers_drawn.py", f"import solutions.windows\n{HELPER}", "imported by numbers_drawn.py"),
    ],
)
def test_what_is_wrong_with_a_module_is_found(lab: Lab, name: str, text: str, fault: str):
    add(lab, name, text)
    looks = verify(lab)
    findings = [next(looks).fault for _ in range(3)]
    assert any(fault in said for said in findings), findings


def test_a_helper_s_helper_is_needed_too(lab: Lab):
    add(lab, "lucky.py", "LUCKY = 7\n")
    add(lab, "numbers_drawn.py", HELPER.replace("\ndef draw", "import lucky\n\ndef draw"))
    assert (stray(lab), taken(lab)) == ([], [])
