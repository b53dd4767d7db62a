"""What hidden tests sent is shown nowhere, whatever the notebook does with it."""

import json
from pathlib import Path

import pytest

from autograder.course.feedback import render
from autograder.course.judging import show
from autograder.judge.budget import Budget
from autograder.judge.playback import Playback
from autograder.judge.seeds import seeds
from autograder.judge.session import judge
from autograder.judge.verdict import Report
from tests.autograder.notebooks import notebook, task, write_tests

VISIBLE = '''
    @points(1)
    def test_f_seen(student):
        """Seen."""
        assert student.f("public-input") == 1

    @points(1)
    def test_g_seen(student):
        """Seen, too."""
        assert student.g("public-input") == 1
'''
HIDDEN = '''
    @points(1)
    def test_f_hidden(student):
        """Hidden."""
        assert student.f("secret-input") == "expected-" + "value"

    @points(1)
    def test_g_hidden(student):
        """Hidden, too."""
        assert student.g("secret-input") == 1
'''
KEEPER = "kept = []\ndef f(x):\n    kept.append(x)\n    return kept\nprint('seen by f')"
LEAKS = {
    "prints": "print(kept)\ndef g(x): return 1",
    "shows": "from IPython.display import display\ndisplay({'text/plain': str(kept)}, raw=True)",
    "raises": "raise ValueError(str(kept))",
    "names an error": "raise type(str(kept), (Exception,), {})()",
    "returns": "def g(x): return kept",
    "raises in a call": "def g(x): raise ValueError(str(kept))",
    "names an error in a call": "def g(x): raise type(str(kept), (Exception,), {})()",
    "forges an error": (
        "from autograder import service\n"
        "service._describe = lambda error: {'builtin': str(kept), 'kind': str(kept)}\n"
        "def g(x): raise ValueError"
    ),
    "crashes and prints": "print(kept)\nimport os\nos._exit(1)",
}


@pytest.mark.parametrize("how", LEAKS)
def test_what_a_hidden_test_sent_is_neither_in_feedback_nor_in_the_notebook(
    how: str, tmp_path: Path
):
    nb = notebook(task("f", KEEPER), task("g", LEAKS[how]))
    tests = write_tests(tmp_path / "lab", VISIBLE, HIDDEN)
    (tmp_path / "bundle").mkdir()
    limits = Budget(cells={"f": 5.0, "g": 5.0}, total=60.0)
    with Playback(nb, tmp_path / "bundle", limits) as stage:
        report = Report(judge(tests, ["f", "g"], stage, seeds("s")))
        stage.outputs()
    nb.metadata["outgrow"] = {"title": "Lab", "report": report.plain()}
    show(nb, report)
    for cell in nb.cells:
        cell.metadata.nbgrader["score"] = 0.0
    about = {"assignment": "lab", "student": "ada", "score": 0, "max_score": 4, "late_penalty": 0}
    page = render(nb, about)
    assert [v.outcome for v in report.verdicts][:2] == ["failed", "failed"]
    assert "public-input" in page  # what came before the first hidden test is shown
    assert "seen by f" in page
    for secret in ("secret-input", "expected-value"):
        assert secret not in page
        assert secret not in json.dumps(nb)
