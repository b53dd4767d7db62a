"""The judge on real kernels: what a submission is told, and what is nobody's fault."""

import math
from functools import partial
from pathlib import Path

import pytest

from autograder.errors import OutgrowError
from autograder.judge.playback import Playback
from autograder.judge.session import plan
from autograder.judge.verdict import worth
from tests.autograder.notebooks import ONE, Judged, judge_text, notebook, task, write_tests


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    return partial(judge_text, tmp_path)


def test_a_right_answer_passes_and_earns_its_points(judged: Judged):
    (verdict,) = judged(notebook(task("f", "def f(x): return 2 * x")), ONE).values()
    assert (verdict.outcome, verdict.earned, verdict.title) == ("passed", 2, "Twice the number.")


def test_a_wrong_answer_is_told_what_was_expected_what_came_and_a_hint(judged: Judged):
    (verdict,) = judged(notebook(task("f", "def f(x): return x * x")), ONE).values()
    assert (verdict.outcome, verdict.earned) == ("failed", 0)
    assert (verdict.expected, verdict.actual) == ("8", "16")
    assert verdict.hint == "Add it to itself."


def test_of_a_hidden_test_only_title_and_hint_are_told(judged: Judged):
    hidden = '''
        @points(1)
        def test_f_of_any_number(student, rng):
            """Any number."""
            n = int(rng.integers(10**6, 10**7))
            assert student.f(n) == 2 * n, hint("Large ones too.")

        @points(1)
        def test_f_of_text(student):
            """Text."""
            student.f("secret-input")
    '''
    source = """
        def f(x):
            if isinstance(x, str):
                raise ValueError(x)
            return 8
    """
    verdicts = judged(notebook(task("f", source)), ONE, hidden)
    first, second = verdicts["test_f_of_any_number"], verdicts["test_f_of_text"]
    assert (first.outcome, first.hint) == ("failed", "Large ones too.")
    assert (first.expected, first.actual, first.message) == ("", "", "")
    assert (second.outcome, second.message) == ("error", "it raised ValueError")
    assert "secret-input" not in str(verdicts)


def test_an_unanswered_task_says_so(judged: Judged):
    (verdict,) = judged(notebook(task("f", "def f(x): raise NotImplementedError")), ONE).values()
    assert (verdict.outcome, verdict.message) == ("error", "not answered yet")
    refused = 'def f(x): raise NotImplementedError("Grouper is not supported")'
    (verdict,) = judged(notebook(task("f", refused)), ONE).values()
    assert verdict.message.startswith("NotImplementedError: Grouper is not supported")


def test_the_error_of_the_task_s_own_cell_is_reported_not_a_name_error(judged: Judged):
    (verdict,) = judged(notebook(task("f", "def f(x): return 2 * y\nf(1)")), ONE).values()
    assert verdict.outcome == "failed" or "NameError: name 'y'" in verdict.message
    (verdict,) = judged(notebook(task("f", "1 / 0\ndef f(x): return 2 * x")), ONE).values()
    assert verdict.message == "the cell of f raised ZeroDivisionError: division by zero"


def test_a_check_cell_never_runs_in_the_kernel(judged: Judged):
    nb = notebook(task("f", "def f(x): return 2 * x"), task("g", "def g(): return ran"))
    nb.cells[1].source = "ran = True"
    tests = '''
        @points(1)
        def test_g_saw_nothing(student):
            """Nothing ran."""
            with student.raises("NameError"):
                student.g()
    '''
    assert judged(nb, tests, tasks=("f", "g"))["test_g_saw_nothing"].outcome == "passed"


def test_warnings_logs_and_stderr_cost_nothing(judged: Judged):
    source = """
        import logging, os, sys, warnings
        def f(x):
            warnings.warn("careful")
            logging.warning("careful")
            print("careful", file=sys.stderr)
            os.system("echo careful >&2")
            return 2 * x
        f(1)
    """
    (verdict,) = judged(notebook(task("f", source)), ONE).values()
    assert verdict.outcome == "passed"


def test_async_functions_and_classes_can_be_tasks(judged: Judged):
    tests = '''
        @points(1)
        def test_f_is_awaited(student):
            """Awaited."""
            assert student.f(4) == 8

        @points(1)
        def test_g_counts(student):
            """A class, driven by a probe."""
            def probe(cls):
                counter = cls()
                return [counter.up(), counter.up()]

            assert student.run(probe, student.ref("g")) == [1, 2]
    '''
    nb = notebook(
        task("f", "import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return 2 * x"),
        task(
            "g",
            "class g:\n    n = 0\n    def up(self):\n        self.n += 1\n        return self.n",
        ),
    )
    assert {v.outcome for v in judged(nb, tests, tasks=("f", "g")).values()} == {"passed"}


def test_an_object_that_equals_everything_deceives_nobody(judged: Judged):
    sly = """
        class Sly(int):
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            __hash__ = int.__hash__
        def f(x): return Sly(7)
    """
    (verdict,) = judged(notebook(task("f", sly)), ONE).values()
    assert (verdict.outcome, verdict.actual) == ("failed", "7")


def test_what_cannot_travel_is_the_student_s_error_and_named(judged: Judged):
    (verdict,) = judged(notebook(task("f", "def f(x): return (i for i in [x])")), ONE).values()
    assert verdict.outcome == "error"
    assert "generator" in verdict.message


@pytest.mark.parametrize(
    "test",
    [
        "import pytest; pytest.skip('later')",
        "import pytest; pytest.xfail('known')",
        "student.run(lambda: hint('x'))",
        "student.f(object())",
    ],
)
def test_a_fault_of_the_test_is_infrastructure_never_a_pass(judged: Judged, test: str):
    tests = f'''
        @points(1)
        def test_f_faulty(student):
            """Faulty."""
            {test}
    '''
    (verdict,) = judged(notebook(task("f", "def f(x): return x")), tests).values()
    assert (verdict.outcome, verdict.earned) == ("infrastructure", 0)


def test_the_kernel_knows_nothing_of_the_grader(judged: Judged):
    tests = '''
        @points(1)
        def test_f_looks_around(student):
            """Looks around."""
            environment, found = student.f()
            assert not [name for name in environment if "PYTEST" in name or "NBGRADER" in name]
            assert found == []
    '''
    source = """
        import importlib.util, os
        def f():
            found = [n for n in ("solutions", "labs", "tests") if importlib.util.find_spec(n)]
            return sorted(os.environ), found
    """
    (verdict,) = judged(notebook(task("f", source)), tests).values()
    assert verdict.outcome == "passed", verdict


def test_draws_differ_by_secret_and_by_test_and_repeat_otherwise(judged: Judged):
    tests = '''
        @points(1)
        def test_f_one(student, rng):
            """One."""
            assert student.f(int(rng.integers(10**9))) == -1

        @points(1)
        def test_f_two(student, rng):
            """Two."""
            assert student.f(int(rng.integers(10**9))) == -1
    '''
    nb = notebook(task("f", "def f(x): return x"))
    runs = [judged(nb, tests, secret=secret) for secret in ("a", "a", "b")]
    draws = [[v.actual for v in run.values()] for run in runs]
    assert draws[0] == draws[1]
    assert len({*draws[0], *draws[2]}) == 4


def test_points_are_shared_by_parameters_and_summed_by_task(tmp_path: Path):
    tests = write_tests(
        tmp_path / "lab",
        '''
        import pytest

        @points(2)
        @pytest.mark.parametrize("n", [1, 2, 3])
        def test_f_of(student, n):
            """Numbers."""

        @points(1.5)
        def test_f_all_is_another_task(student):
            """The longest name that fits."""
        ''',
    )
    planned = plan(tests, ["f", "f_all"])
    assert worth(planned) == {"f": 2.0, "f_all": 1.5}
    assert math.isclose(planned[0].points, 2 / 3)


def test_a_test_file_that_cannot_be_read_stops_everything_with_its_reason(tmp_path: Path):
    tests = write_tests(tmp_path / "lab", "import no_such_module")
    with pytest.raises(OutgrowError, match="no_such_module"):
        plan(tests, ["f"])


def test_a_fault_of_the_judge_itself_is_infrastructure(
    judged: Judged, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> bytes:
        raise OSError("disk full")

    monkeypatch.setattr(Playback, "ask", broken)
    (verdict,) = judged(notebook(task("f", "def f(x): return 2 * x")), ONE).values()
    assert (verdict.outcome, verdict.message) == (
        "infrastructure",
        "Infrastructure: OSError: disk full",
    )
    monkeypatch.setattr(Playback, "_advance", broken)
    (verdict,) = judged(notebook(task("f", "def f(x): return 2 * x")), ONE).values()
    assert verdict.outcome == "infrastructure"


def test_a_result_that_the_test_trips_over_is_said_and_of_a_hidden_test_only_its_kind(
    judged: Judged,
):
    trips = '''
        @points(1)
        def test_f_{name}(student):
            """Looks up."""
            student.f(1)["missing"]
    '''
    nb = notebook(task("f", "def f(x): return {}"))
    shown, hidden = judged(nb, trips.format(name="a"), trips.format(name="b")).values()
    assert shown.message == "what came back could not be checked (KeyError: 'missing')"
    assert hidden.message == "what came back could not be checked (KeyError)"


def test_an_error_s_place_is_a_line_of_the_student_s_cell(judged: Judged):
    source = "def f(x):\n    return helper(x)\n\ndef helper(x):\n    return x / 0"
    (verdict,) = judged(notebook(task("f", source)), ONE).values()
    assert verdict.message.splitlines() == [
        "ZeroDivisionError: division by zero",
        "line 2 of your cell, in f: return helper(x)",
        "line 5 of your cell, in helper: return x / 0",
    ]
