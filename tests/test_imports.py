"""The walls of the house: imports run one way, and the wheel carries no answers."""

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.lab import find_labs, helpers, visible_tests

ROOT = Path(__file__).parents[1]
OURS = {"autograder", "infra", "solutions", "labs", "lectures", "tests"}
MAY = {
    "solutions": {"solutions"},
    "infra": {"infra"},
    "autograder": {"autograder", "infra"},
    "labs": {"autograder", "infra", "solutions"},
}


def imported(path: Path) -> set[str]:
    """Our packages that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found & OURS


def test_a_lane_starts_without_nbgrader_nor_what_it_needs():
    late = {"nbgrader", "nbconvert", "sqlalchemy", "rich", "jupytext", "dask", "pyspark"}
    code = f"import sys, autograder.course.judging as _; print({{*sys.modules}} & {late})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("room", MAY)
def test_imports_run_one_way(room: str):
    modules = sorted((ROOT / room).rglob("*.py"))
    assert modules
    wrong = {str(m.relative_to(ROOT)): imported(m) - MAY[room] for m in modules}
    assert {name: names for name, names in wrong.items() if names} == {}


def test_visible_tests_and_infra_and_autograder_know_no_answers():
    for lab in find_labs(ROOT / "labs"):
        for path in (*visible_tests(lab), *helpers(lab)):
            assert "solutions" not in imported(path), path


@pytest.mark.slow
def test_the_wheel_carries_the_grader_and_the_engines_and_nothing_else(tmp_path: Path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    command = [*build, "-d", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {
        "autograder",
        "infra",
        "outgrow",
    }
    assert {"autograder/course/feedback.html", "autograder/judge/pytest.ini"} <= set(names)


def test_git_holds_no_notebook_and_no_lock_file():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    files = listed.stdout.splitlines()
    assert not [name for name in files if name.endswith((".ipynb", "uv.lock", "package-lock.json"))]


def test_modules_are_short():
    """A lab's `lab.py` is a text with cells, and no module."""
    listed = (path for room in sorted(OURS) for path in (ROOT / room).rglob("*.py"))
    modules = [
        path for path in listed if path.name != "lab.py" or path.parent.parent.name != "labs"
    ]
    lengths = {str(m.relative_to(ROOT)): m.read_text("utf-8").count("\n") for m in modules}
    assert {"autograder/lab.py", "labs/02_task_graphs/test_lab.py"} <= set(lengths)
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_functions_are_short():
    for room in ("autograder", "infra", "solutions"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = (node.end_lineno or 0) - node.lineno + 1
                    doc = len((ast.get_docstring(node) or "").splitlines())
                    assert lines - doc <= 40, f"{path}: {node.name} has {lines - doc} lines"
