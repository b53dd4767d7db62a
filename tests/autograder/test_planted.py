"""HTML and terminal codes in a student's value: text wherever a visible test's result is read."""

import pytest

from autograder import table
from autograder.course.feedback import render
from autograder.course.judging import show
from autograder.judge.playback import Playback
from autograder.judge.seeds import seeds
from autograder.judge.session import judge
from autograder.judge.verdict import Report
from tests.autograder.notebooks import notebook, task, write_tests

PLANT = "<script>planted()</script>\x1b[31m\x07\u202e"
SHOWN = "&lt;script&gt;planted()&lt;/script&gt;"
VISIBLE = '''
    @points(1)
    def test_f_value(student):
        """Its value."""
        assert student.f("value") == "plain"

    @points(1)
    def test_f_keys(student):
        """Its keys."""
        assert student.f("keys") == {"plain": 1}

    @points(1)
    def test_f_frame(student):
        """Its column."""
        assert list(student.f("frame").columns) == ["plain"]

    @points(1)
    def test_f_error(student):
        """Its error."""
        assert student.f("error") == "plain"
'''
HIDDEN = '''
    @points(1)
    def test_f_hidden(student):
        """Hidden."""
        assert student.f("value") == "plain"
'''
F = f"""
def f(what, plant={PLANT!r}):
    import pandas
    if what == "error":
        raise type(plant, (ValueError,), {{}})(plant)
    frame = pandas.DataFrame({{plant: [1]}})
    return {{"value": plant, "keys": {{plant: [plant]}}, "frame": frame}}[what]
"""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("planted")
    tests = write_tests(folder / "lab", VISIBLE, HIDDEN)
    (folder / "bundle").mkdir()
    with Playback(notebook(task("f", F)), folder / "bundle") as stage:
        return Report(judge(tests, ["f"], stage, seeds("s")))


def page(report: Report) -> str:
    nb = notebook(task("f", F))
    nb.metadata["outgrow"] = {"title": "Lab", "report": report.plain()}
    show(nb, report)
    for cell in nb.cells:
        cell.metadata.nbgrader["score"] = 0.0
    about = {"assignment": "lab", "student": "ada", "score": 0, "max_score": 5, "late_penalty": 0}
    return render(nb, about)


def test_the_value_came_that_far(judged: Report):
    told = {v.test: v.actual + v.message for v in judged.verdicts}
    assert all("planted()" in told[f"test_f_{n}"] for n in ("value", "keys", "frame", "error"))
    assert "planted()" not in told["test_f_hidden"]


def test_in_html_it_is_escaped(judged: Report):
    for html in (table.html("f", judged.verdicts), page(judged)):
        assert html.count(SHOWN) >= 4
        assert "<script" not in html
        assert not set(html) & set("\x1b\x07\u202e")


def test_in_a_terminal_it_is_text(judged: Report):
    text = table.text("f", judged.verdicts)
    assert text.count("planted()") >= 4
    assert not set(text) & set("\x1b\x07\u202e")
