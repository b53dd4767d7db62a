"""The sample class, graded for real: every submission gets the mark that it deserves."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.folder import Course, open_course
from autograder.course.marks import read
from autograder.judge.verdict import score
from autograder.sample import Sample, read_class

ROOT = Path(__file__).parents[2]
CLASS = read_class(ROOT / "tests" / "sample_class")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, str]:
    """The demo, run once as a user runs it; its course and what it said."""
    root = tmp_path_factory.mktemp("demo") / "course"
    command = [sys.executable, "-c", "from autograder.commands import main; main()"]
    done = subprocess.run(
        [*command, "demo", "--course", str(root)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stderr
    return open_course(root), done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("sample", CLASS, ids=lambda s: f"{s.lab}-{s.student}")
def test_a_sample_loses_points_where_it_is_wrong_and_nowhere_else(
    demo: tuple[Course, str], sample: Sample
):
    report = read(demo[0], sample.lab, sample.student)
    assert report
    tasks = dict.fromkeys(verdict.task for verdict in report.verdicts)
    worth = {task: sum(v.points for v in report.of(task)) for task in tasks}
    short = [task for task in tasks if score(report.of(task)) < worth[task] - 1e-6]
    assert short == list(sample.loses), [v.reason for v in report.verdicts if v.outcome != "passed"]
    if sample.base == "release" or sample.file is not None:
        assert not any(score(report.of(task)) for task in sample.loses)


@pytest.mark.slow
def test_the_demo_says_the_marks_and_where_everything_lies(demo: tuple[Course, str]):
    course, said = demo
    assert {"infrastructure"}.isdisjoint(said.split())
    for sample in CLASS:
        assert sample.student in said
        page = course.root / "feedback" / sample.student / sample.lab / f"{sample.lab}.html"
        assert page.is_file()
    for place in ("gradebook.db", "feedback", "autograded", "Next:"):
        assert place in said
