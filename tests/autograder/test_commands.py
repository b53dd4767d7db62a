"""The command line: complete help, readable errors, exit statuses that mean something."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from autograder.commands import outgrow
from autograder.course.folder import Course
from autograder.lab import Lab
from autograder.scaffold import make_lab
from infra.java import java_home
from tests.autograder.tiny import NAME


def walk(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group below `command`, by its words."""
    context = click.Context(command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield (*path, name)
            yield from walk(inner, (*path, name))


ALL = list(walk(outgrow))


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-c", "from autograder.commands import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def invoke(*arguments: object) -> tuple[int, str]:
    """The command in this process."""
    result = CliRunner().invoke(outgrow, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.output


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_explains_itself_and_its_options(words: tuple[str, ...]):
    status, said = invoke(*words, "--help")
    assert status == 0
    assert re.search(r"\n {2}[A-Z].{15,}", said), "a sentence that says what it does"
    context = click.Context(outgrow)
    command: click.Command = outgrow
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(context, word)
        assert found is not None
        command = found
    for argument in (p for p in command.params if isinstance(p, click.Argument)):
        assert str(argument.name).upper() in (command.help or ""), f"{argument.name} is explained"


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_the_readme_or_a_guide_names_every_command(words: tuple[str, ...]):
    root = Path(__file__).parents[2]
    pages = [root / "README.md", *(root / "lectures").rglob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    assert f"outgrow {' '.join(words)}" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("hint", "99", "f"), "there is no lab `99`. The labs here:"),
        (("course", "grade", "02", "--course", "nowhere"), "Run `outgrow course init`"),
        (("dev", "new", "streams"), "Say NN_name, such as 16_windows"),
        (("check", "99"), "there is no lab `99`"),
    ],
)
def test_an_error_is_one_line_without_a_traceback(arguments: tuple[str, ...], said: str):
    root = Path(__file__).parents[2]
    done = run(*arguments, cwd=root)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_traceback_is_there_for_those_who_ask(tmp_path: Path):
    done = run("--debug", "course", "export", "--course", str(tmp_path))
    assert "Traceback" in done.stderr


def test_a_wrong_command_line_has_status_two():
    assert run("lab").returncode == 2
    assert run("start").returncode == 2


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from autograder.commands import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print({'pandas', 'dask', 'nbgrader', 'pytest', 'IPython'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("set()")


def test_labs_lists_what_there_is(lab: Lab):
    status, said = invoke("labs", "--labs", lab.folder.parent)
    assert (status, said) == (0, f"{NAME:24} Windows (45 min)\n")


def test_an_instructor_s_day(lab: Lab, tmp_path: Path):
    root, labs = tmp_path / "course", lab.folder.parent
    assert invoke("course", "init", "--course", root, "--labs", labs)[0] == 0
    status, said = invoke("course", "release", "16", "--course", root)
    assert (status, f"{NAME}: released, 2 points" in said) == (0, True)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    course = Course(root, "course", "", labs)
    (inbox / "ada.ipynb").write_bytes(course.notebook("release", NAME).read_bytes())
    (inbox / "b?d.ipynb").write_text("{}")
    status, said = invoke("course", "collect", "16", inbox, "--course", root)
    assert (status, "new      ada" in said, "refused  b?d" in said) == (3, True, True)
    status, said = invoke("course", "grade", "16", "--course", root)
    assert (status, "0 / 2" in said, "not answered yet" in said) == (0, True, True)
    status, said = invoke("course", "feedback", "16", "--course", root)
    assert (status, Path(said.strip()).is_file()) == (0, True)
    status, said = invoke("course", "export", "--course", root)
    assert (status, said.splitlines()[1].startswith(f"ada,{NAME},0.0,3.0")) == (0, True)


def test_verify_counts_what_is_wrong_with_a_lab(lab: Lab):
    (lab.folder / "notes.txt").write_text("stray")
    wrong = lab.folder / "answers" / "wrong" / "double_squares.py"
    text = wrong.read_text("utf-8")
    wrong.write_text(text.replace("number**2", "number * 2"), "utf-8")
    try:
        status, said = invoke("dev", "verify", NAME, "--labs", lab.folder.parent)
    finally:
        wrong.write_text(text, "utf-8")
        (lab.folder / "notes.txt").unlink()
    assert status == 3
    assert "✘ files: stray: notes.txt" in said
    assert "✘ wrong/double_squares: test_double_of_a_small_number does not catch it" in said
    assert said.endswith("2 faults\n")


def test_build_writes_notebooks_to_look_at(lab: Lab, tmp_path: Path):
    status, said = invoke("dev", "build", NAME, "--labs", lab.folder.parent, "--to", tmp_path)
    assert status == 0
    instructor, student = (Path(line).read_text("utf-8") for line in said.splitlines())
    assert "return 2 * number" in instructor
    assert "return 2 * number" not in student


def test_new_says_what_to_do_next(tmp_path: Path):
    status, said = invoke("dev", "new", "17_windows", "--labs", tmp_path / "labs")
    assert (status, "outgrow dev verify 17_windows" in said) == (0, True)
    assert make_lab(tmp_path / "labs", "18_joins").is_dir()


def test_data_is_made_and_its_content_told(tmp_path: Path):
    status, said = invoke("data", "make", "trips", tmp_path / "t", "--rows", 100, "--partitions", 2)
    assert status == 0
    assert "100 rows of trips in 2 partitions" in said
    again = invoke("data", "make", "trips", tmp_path / "u", "--rows", 100, "--partitions", 2)[1]
    assert again.splitlines()[1] == said.splitlines()[1]


def test_doctor_finds_what_the_kit_stands_on():
    status, said = invoke("doctor")
    assert status == 0
    assert re.search(r"✔ nbgrader +0\.9", said)


def test_doctor_says_which_java_spark_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    java_home.cache_clear()
    try:
        assert str(java_home()) in invoke("doctor")[1]
        java_home.cache_clear()
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))
        status, said = invoke("doctor")
        assert re.search(r"java +JAVA_HOME is .*: no Java, and 17 is the least", said)
        assert status == 0, "only Spark needs it"
    finally:
        java_home.cache_clear()


def test_a_cluster_comes_up_and_goes_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OUTGROW_STATE_DIR", str(tmp_path))
    assert invoke("cluster", "status")[0] == 3
    try:
        status, said = invoke("cluster", "up", "--workers", 1)
        assert (status, "tcp://127.0.0.1:" in said) == (0, True)
        assert said.splitlines()[0] in invoke("cluster", "status")[1]
    finally:
        assert invoke("cluster", "down")[1] == "stopped\n"
    assert invoke("cluster", "down")[1] == "no cluster was running\n"
