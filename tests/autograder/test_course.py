"""A course from release to marks, by our command and by nbgrader's own."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.collect import collect
from autograder.course.export import table, write
from autograder.course.folder import Course, init_course, open_course
from autograder.course.frame import write_feedback
from autograder.course.grade import How, grade
from autograder.course.judging import UNSAFE
from autograder.errors import OutgrowError
from autograder.lab import Lab
from autograder.sandbox import probe
from tests.autograder.tiny import NAME, answered

RIGHT, WRONG = "return number + number", "return number * number"
HandIn = Callable[[str, str], Path]


@pytest.fixture
def hand_in(course: Course, tmp_path: Path) -> HandIn:
    """Put a student's notebook, with its answer, into the inbox."""

    def put(student: str, answer: str) -> Path:
        text = course.notebook("release", NAME).read_text("utf-8")
        path = tmp_path / "inbox" / student / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(answered(answer, text), "utf-8")
        return path

    return put


def take(course: Course, tmp_path: Path) -> dict[str, str]:
    return {c.student: f"{c.result}: {c.line}" for c in collect(course, NAME, tmp_path / "inbox")}


def marks(course: Course, lab: str = NAME) -> dict[str, float | None]:
    with Gradebook(course.gradebook, course.id) as gradebook:
        cells = [gradebook.find_submission(lab, s) for s in course.students(lab)]
        return {s.student.id: s.notebooks[0].grades[0].auto_score for s in cells}


def test_the_bundle_holds_what_a_student_needs_and_no_answer(course: Course, lab: Lab):
    with zipfile.ZipFile(course.root / "bundles" / f"{NAME}.zip") as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist() if name[-1] != "/"}
    assert {Path(name).name for name in texts} == {f"{NAME}.ipynb", "test_lab.py", "README.md"}
    body = "return 2 * number"
    hidden = [line.strip() for line in lab.hidden[0].read_text("utf-8").splitlines()]
    secret = [line for line in hidden if "double_of_any" in line or "number = int" in line]
    solution = course.notebook("solution", NAME).read_text("utf-8")
    assert body in solution
    assert "SOLUTION" not in solution
    for line in [body, *secret]:
        assert not [name for name, text in texts.items() if line in text], line


def test_a_class_is_collected_graded_and_told(course: Course, hand_in: HandIn, tmp_path: Path):
    hand_in("ada", RIGHT)
    hand_in("ben", WRONG)
    assert take(course, tmp_path) == dict.fromkeys(("ada", "ben"), f"new: {NAME}.ipynb")
    found = {mark.student: mark for mark in grade(course, NAME)}
    assert found["ada"].reason == "every test passed"
    assert {mark.report.sandbox for mark in found.values() if mark.report} == {"full"}
    assert "Add the number to itself." in found["ben"].reason
    assert marks(course) == {"ada": 2.0, "ben": 0.0}
    pages = [page.read_text("utf-8") for page in write_feedback(course, NAME)]
    assert "<strong>2</strong> of 3 points" in pages[0]
    assert "Add the number to itself." in pages[1]
    assert 'expected <code class="value">42</code>' in pages[1]


def test_without_a_sandbox_nothing_is_graded_unless_it_is_said_and_noted(
    course: Course, hand_in: HandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    hand_in("ada", RIGHT)
    take(course, tmp_path)
    monkeypatch.setattr(probe, "level", lambda: probe.Level("none", "no bubblewrap", "Install it."))
    with pytest.raises(OutgrowError, match="Install it") as refused:
        list(grade(course, NAME))
    assert "--unsafe" in str(refused.value)
    assert not (course.root / "autograded").exists()
    (mark,) = grade(course, NAME, how=How(unsafe=True))
    assert mark.report is not None
    assert (mark.report.earned, mark.report.sandbox) == (2.0, "none")
    assert mark.report.notes == (UNSAFE,)
    (page,) = write_feedback(course, NAME)
    assert "Graded without the sandbox" in page.read_text("utf-8")


def test_nbgrader_s_own_commands_give_the_same_marks(
    course: Course, hand_in: HandIn, tmp_path: Path
):
    for student, answer in {"ada": RIGHT, "ben": WRONG, "cy": "return abs(number) * 2"}.items():
        hand_in(student, answer)
    take(course, tmp_path)
    list(grade(course, NAME))
    ours = marks(course)
    shutil.rmtree(course.root / "autograded")
    (course.root / "gradebook.db").unlink()
    for command in ("generate_assignment", "autograde", "generate_feedback"):
        nbgrader(course, command, NAME, "--force")
    assert marks(course) == ours
    assert set(ours) == {"ada", "ben", "cy"}
    assert (course.root / "feedback" / "ada" / NAME / f"{NAME}.html").is_file()
    nbgrader(course, "export")
    assert "ada" in (course.root / "grades.csv").read_text("utf-8")


def nbgrader(course: Course, *arguments: str) -> None:
    """Run nbgrader's command line in the course directory."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command,
        cwd=course.root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_each_bad_submission_has_its_line_and_the_class_is_graded(
    course: Course, hand_in: HandIn, tmp_path: Path
):
    hand_in("ada", RIGHT)
    hand_in("cut", RIGHT).write_text('{"cells": [', "utf-8")
    hand_in("empty", RIGHT).write_text("", "utf-8")
    hand_in("renamed", RIGHT).rename(tmp_path / "inbox" / "renamed" / "my work.ipynb")
    (tmp_path / "inbox" / "missing").mkdir()
    tampered = hand_in("tampered", WRONG)
    nb = json.loads(tampered.read_text("utf-8"))
    check = next(c for c in nb["cells"] if c["source"] == ['check("double")'])
    check["source"] = "100.0"
    check["metadata"]["nbgrader"]["points"] = 1000
    tampered.write_text(json.dumps(nb), "utf-8")
    take(course, tmp_path)
    found = {mark.student: mark for mark in grade(course, NAME)}
    assert marks(course) == {
        "ada": 2.0, "cut": 0.0, "empty": 0.0, "missing": 0.0, "renamed": 2.0, "tampered": 0.0,
    }  # fmt: skip
    assert "Expecting value at line 1" in found["cut"].reason
    assert found["empty"].reason == found["missing"].reason == "nothing was handed in"
    assert "was called my work.ipynb" in found["renamed"].reason
    assert "`double` had been edited" in found["tampered"].reason
    assert len(write_feedback(course, NAME)) == 6


def test_a_fault_of_ours_leaves_the_mark_open(course: Course, hand_in: HandIn, tmp_path: Path):
    hand_in("ada", RIGHT)
    take(course, tmp_path)
    labs = shutil.copytree(course.labs, tmp_path / "labs")
    hidden = labs / NAME / "test_hidden.py"
    faulty = "    import pytest\n    pytest.skip('broken')\n    number = int"
    hidden.write_text(hidden.read_text("utf-8").replace("    number = int", faulty), "utf-8")
    moved = Course(course.root, course.id, course.title, labs)
    (mark,) = grade(moved, NAME)
    assert not mark.judged
    assert marks(course) == {"ada": None}


def test_a_changed_worth_of_the_tests_asks_for_a_new_release(
    course: Course, hand_in: HandIn, tmp_path: Path
):
    hand_in("ada", RIGHT)
    take(course, tmp_path)
    labs = shutil.copytree(course.labs, tmp_path / "labs")
    visible = labs / NAME / "test_lab.py"
    visible.write_text(visible.read_text("utf-8").replace("points(1)", "points(5)"), "utf-8")
    with pytest.raises(OutgrowError, match=f"outgrow course release {NAME}"):
        list(grade(Course(course.root, course.id, course.title, labs), NAME))


def test_collecting_again_keeps_what_was_there(course: Course, hand_in: HandIn, tmp_path: Path):
    path = hand_in("ada", WRONG)
    assert take(course, tmp_path)["ada"].startswith("new")
    assert take(course, tmp_path)["ada"].startswith("same")
    path.write_text(path.read_text("utf-8").replace(WRONG, RIGHT), "utf-8")
    assert take(course, tmp_path)["ada"].startswith("new")
    (earlier,) = (course.private / "earlier" / NAME / "ada").iterdir()
    assert WRONG in earlier.read_text("utf-8")
    assert RIGHT in course.notebook("submitted", NAME, "ada").read_text("utf-8")


def test_zips_and_single_files_are_collected_and_odd_names_refused(
    course: Course, hand_in: HandIn, tmp_path: Path
):
    path = hand_in("ada", RIGHT)
    inbox = tmp_path / "inbox"
    with zipfile.ZipFile(inbox / "zoe.zip", "w") as archive:
        archive.write(path, f"deep/down/{NAME}.ipynb")
        archive.writestr("../../evil.ipynb", "{}")
    shutil.copy(path, inbox / f"bob_{NAME}.ipynb")
    (inbox / "eve.zip").write_bytes(b"no zip")
    shutil.copy(path, inbox / "=cmd|x.ipynb")
    (inbox / "ln.ipynb").symlink_to(path)
    told = take(course, tmp_path)
    assert {s for s, line in told.items() if line.startswith("new")} == {"ada", "bob", "zoe"}
    assert {s for s, line in told.items() if line.startswith("refused")} == {
        "eve", "=cmd|x.ipynb", "ln",
    }  # fmt: skip
    assert not list(tmp_path.rglob("evil.ipynb"))


def test_marks_are_exported_as_csv(course: Course, hand_in: HandIn, tmp_path: Path):
    hand_in("ada", RIGHT)
    take(course, tmp_path)
    list(grade(course, NAME))
    write(table(course), tmp_path / "marks.csv")
    head, row = (tmp_path / "marks.csv").read_text("utf-8").splitlines()
    assert head.split(",")[:4] == ["student", "lab", "score", "max_score"]
    assert row.split(",")[:4] == ["ada", NAME, "2.0", "3.0"]


def test_a_release_whose_reference_fails_is_refused(lab: Lab, tmp_path: Path):
    from autograder.course.release import release

    labs = shutil.copytree(lab.folder.parent, tmp_path / "labs")
    tests = labs / NAME / "test_lab.py"
    tests.write_text(tests.read_text("utf-8").replace("== 42", "== 43"), "utf-8")
    course = init_course(tmp_path / "course", labs)
    with pytest.raises(OutgrowError, match="the reference fails test_double_of_a_small_number"):
        release(course, course.lab(NAME))
    assert course.released() == []


def test_a_course_stays_as_it_is_and_a_foreign_folder_is_left_alone(lab: Lab, tmp_path: Path):
    labs = lab.folder.parent
    secret = init_course(tmp_path / "course", labs).secret
    assert init_course(tmp_path / "course", labs, "Another title").secret == secret
    assert oct((tmp_path / "course" / ".outgrow" / "secret").stat().st_mode)[-3:] == "600"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(OutgrowError, match="not empty"):
        init_course(tmp_path / "mine", labs)
    with pytest.raises(OutgrowError, match="there is no course here"):
        open_course(tmp_path / "mine")


def test_what_is_not_released_cannot_be_graded(lab: Lab, tmp_path: Path):
    course = init_course(tmp_path / "course", lab.folder.parent)
    with pytest.raises(OutgrowError, match="is not released"):
        list(grade(course, NAME))


def test_the_autograded_notebook_is_valid_and_says_why(
    course: Course, hand_in: HandIn, tmp_path: Path
):
    hand_in("ben", WRONG)
    take(course, tmp_path)
    list(grade(course, NAME))
    nb = nbformat.read(course.notebook("autograded", NAME, "ben"), as_version=4)
    nbformat.validate(nb)
    (output,) = next(c for c in nb.cells if c.source == 'check("double")').outputs
    assert output.data["text/plain"] == "0.0"
    assert "Add the number to itself." in output.data["text/html"]
