"""Every lab, whole: what `outgrow dev verify` says of it, and what its students' bundle gives
away."""

from pathlib import Path

import nbformat
import pytest

from autograder.judge.session import plan
from autograder.lab import find_labs, read_lab
from autograder.notebook import instructor_notebook
from autograder.verify import RIGHT, WRONG, untouched, verify

ROOT = Path(__file__).parents[1]
LABS = find_labs(ROOT / "labs")
by_name = pytest.mark.parametrize("folder", LABS, ids=lambda path: path.name)


def test_there_are_labs():
    assert {path.name for path in LABS} >= {"02_task_graphs", "05_dataframes"}


@pytest.mark.slow
@by_name
def test_a_lab_and_its_grader_are_whole(folder: Path):
    findings = list(verify(read_lab(folder)))
    assert [f"{f.name}: {f.fault}" for f in findings if not f.ok] == []
    answers = [f for f in findings if f.name.startswith(("right/", "wrong/"))]
    assert len(answers) >= (RIGHT + WRONG) * len(read_lab(folder).tasks)


@by_name
def test_the_bundle_gives_away_no_answer_and_no_hidden_test(folder: Path):
    """No three lines in a row of an answer stand in what a student gets; nor do a hidden test's in
    the notebook, but for what the visible tests say in the same words."""
    lab = read_lab(folder)
    full = instructor_notebook(lab, dict.fromkeys(lab.tasks, 1.0))
    notebook = "\n".join(stripped("\n".join(cell.source for cell in untouched(full).cells)))
    shown = text_of(*lab.visible, *lab.helpers).splitlines()
    hidden = text_of(*lab.hidden).splitlines()
    answers = [run for cell in full.cells for run in runs(solution_lines(cell.source))]
    secrets = [*answers, *(run for run in runs(hidden) if run not in runs(shown))]
    assert answers, "there is something to be hidden"
    assert [secret for secret in secrets if secret in notebook] == []
    assert [answer for answer in answers if answer in "\n".join(stripped("\n".join(shown)))] == []


@by_name
def test_hidden_tests_are_named_nowhere_in_the_bundle(folder: Path):
    lab = read_lab(folder)
    full = instructor_notebook(lab, dict.fromkeys(lab.tasks, 1.0))
    bundle = nbformat.writes(untouched(full)) + text_of(*lab.visible, *lab.helpers)
    hidden = [test for test in plan(lab.tests, lab.tasks) if test.hidden]
    for test in hidden:
        assert test.test.partition("[")[0] not in bundle
    assert hidden


def text_of(*paths: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in paths)


def stripped(text: str) -> list[str]:
    """The lines that say something, without their indentation."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if telling(line)]


def runs(lines: list[str]) -> list[str]:
    """Each three lines in a row."""
    told = stripped("\n".join(lines))
    return ["\n".join(told[i : i + 3]) for i in range(len(told) - 2)]


def solution_lines(source: str) -> list[str]:
    """The lines between nbgrader's solution marks."""
    lines, inside = [], False
    for line in source.splitlines():
        if "### END SOLUTION" in line:
            inside = False
        if inside:
            lines.append(line.strip())
        if "### BEGIN SOLUTION" in line:
            inside = True
    return lines


def telling(line: str) -> bool:
    """Long enough to be nobody else's line."""
    return len(line) > 15 and not line.startswith(("#", "import ", "from ", '"""', "@points"))


@by_name
def test_a_solution_s_body_is_not_in_the_student_s_cells(folder: Path):
    lab = read_lab(folder)
    full = instructor_notebook(lab, dict.fromkeys(lab.tasks, 1.0))
    for before, after in zip(full.cells, untouched(full).cells, strict=True):
        if before.metadata.get("nbgrader", {}).get("solution"):
            left = {line.strip() for line in after.source.splitlines()}
            body = [line for line in solution_lines(before.source) if len(line) > 3]
            assert body
            assert not [line for line in body if line in left and line != '"""']
