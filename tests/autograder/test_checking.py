"""`check` in the student's own notebook, and in a script."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.checking import Checked
from autograder.errors import OutgrowError
from autograder.judge.playback import Playback
from autograder.judge.verdict import Verdict
from autograder.lab import Lab
from autograder.notebook import instructor_notebook


def ask(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = folder / "script.py"
    script.write_text(f"from autograder import check\n{code}\n", "utf-8")
    command = [sys.executable, str(script)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_in_a_script_the_result_is_printed_as_text(lab: Lab):
    code = "def double(number): return number + 22\ncheck('double')"
    said = ask(code, lab.folder).stdout
    assert "double: 0 of 1 points" in said
    assert "expected 42" in said
    assert "got 43" in said
    assert "hint: Add the number to itself." in said


def test_the_lab_itself_runs_as_a_script(lab: Lab):
    reference = str(lab.folder.parents[1] / "solutions")
    code = f"import solutions; solutions.__path__.insert(0, {reference!r})"
    text = (lab.folder / "lab.py").read_text("utf-8")
    done = ask(f"{code}\n{text}", lab.folder)
    (lab.folder / "script.py").unlink()
    assert "double: 1 of 1 points" in done.stdout, done.stderr


def test_an_unknown_task_and_missing_tests_are_said(lab: Lab, tmp_path: Path):
    assert "there are no tests for `dubble`" in ask("check('dubble')", lab.folder).stderr
    (lab.folder / "script.py").unlink()
    assert "there are no tests beside this notebook" in ask("check('double')", tmp_path).stderr


def test_in_a_notebook_it_is_a_table_and_its_plain_text_is_the_score(lab: Lab, tmp_path: Path):
    nb = instructor_notebook(lab, {"double": 2.0})
    check = next(cell for cell in nb.cells if cell.source == 'check("double")')
    check.metadata.nbgrader["grade"] = False
    (tmp_path / "bundle").mkdir()
    nbformat.write(nb, tmp_path / "bundle" / f"{lab.name}.ipynb")
    with Playback(nb, tmp_path / "bundle") as stage:
        stage._restart()
        assert stage.kernel
        tests = lab.visible[0].read_text("utf-8")
        (stage.kernel.work / "test_lab.py").write_text(tests, "utf-8")
        for cell in (c for c in nb.cells if c.cell_type == "code"):
            run = stage.kernel.execute(cell.source, 30)
            cell.outputs = run.outputs
    (output,) = check.outputs
    assert output.data["text/plain"] == "1.0"
    assert "✔ passed" in output.data["text/html"]


def test_what_a_student_wrote_is_escaped():
    bad = Verdict("t", "f", "Title", False, 1.0, "failed", "<b>", "<i>", "<script>", "<img>")
    shown = Checked("f", (bad,))._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<img>" not in shown


def test_the_same_seed_draws_the_same_data(tmp_path: Path):
    (tmp_path / "test_lab.py").write_text(
        "from autograder.testing import points\n"
        "@points(1)\n"
        "def test_draw_is_shown(student, rng):\n"
        "    'Drawn.'\n"
        "    assert student.draw(int(rng.integers(10**9))) == 0\n"
    )
    code = """
def draw(n): return n
for s in ('a', 'a', 'b'): print(check('draw', seed=s).verdicts[0].actual)
"""
    lines = [line for line in ask(code, tmp_path).stdout.splitlines() if line.strip().isdigit()]
    assert len(lines) == 3
    assert lines[0] == lines[1] != lines[2]


def test_errors_are_of_our_kind():
    with pytest.raises(OutgrowError, match=r"a fact\. A remedy\."):
        raise OutgrowError("a fact", remedy="A remedy.")
