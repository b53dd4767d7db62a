"""The judge on real kernels that do not end, end too early, or say too much."""

from functools import partial
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from autograder.judge.budget import Budget, budget
from tests.autograder.notebooks import LATER, ONE, Judged, judge_text, notebook, task


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    return partial(judge_text, tmp_path)


def test_an_endless_function_is_stopped_and_later_tasks_are_judged(judged: Judged):
    tests = '''
        @points(1)
        def test_f_a(student):
            """First."""
            assert student.f(1) == 2

        @points(1)
        def test_f_b(student):
            """Second."""
            assert student.f(1) == 2

        @points(1)
        def test_f_c(student):
            """Third."""
            assert student.f(1) == 2

        @points(1)
        def test_g_is_right(student):
            """Later."""
            assert student.g() == 5
    '''
    endless = "def f(x):\n    while True:\n        pass"
    nb = notebook(task("f", endless), task("g", "def g(): return 5"))
    limits = Budget(cells={}, tests=dict.fromkeys(("test_f_a", "test_f_b", "test_f_c"), 0.3))
    verdicts = judged(nb, tests, tasks=("f", "g"), limits=limits)
    assert [v.outcome for v in verdicts.values()] == ["timeout", "timeout", "timeout", "passed"]
    assert verdicts["test_f_c"].message == "not run: f had timed out 2 times"


def test_a_function_that_ignores_interrupts_is_killed_and_later_tasks_are_judged(judged: Judged):
    deaf = """
        import signal
        def f(x):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            while True:
                pass
    """
    nb = notebook(task("f", deaf), task("g", "def g(): return 5"))
    limits = Budget(cells={}, tests={"test_f_doubles": 0.3})
    verdicts = judged(nb, ONE + LATER, tasks=("f", "g"), limits=limits)
    assert [v.outcome for v in verdicts.values()] == ["timeout", "passed"]


def test_an_endless_cell_costs_its_own_task_only(judged: Judged):
    nb = notebook(task("f", "while True: pass"), task("g", "def g(): return 5"))
    limits = Budget(cells={"f": 0.5, "g": 5.0})
    verdicts = judged(nb, ONE + LATER, tasks=("f", "g"), limits=limits)
    assert verdicts["test_f_doubles"].message == "the cell of f did not end"
    assert verdicts["test_g_is_right"].outcome == "passed"


def test_many_slow_cells_together_have_their_task_s_time(judged: Judged):
    slow = [new_code_cell("import time; time.sleep(0.4)") for _ in range(50)]
    nb = notebook(*slow, task("f", "def f(x): return 2 * x"), task("g", "def g(): return 5"))
    limits = Budget(cells={"f": 1.0, "g": 5.0}, total=8.0)
    verdicts = judged(nb, ONE + LATER, tasks=("f", "g"), limits=limits)
    assert verdicts["test_g_is_right"].outcome == "timeout"
    assert "the submission's 8 s are over" in verdicts["test_g_is_right"].message


@pytest.mark.parametrize("where", ["call", "cell"])
def test_ending_the_kernel_is_crashed_and_later_tasks_are_judged(judged: Judged, where: str):
    source = "import os\ndef f(x): os._exit(0)" + ("\nf(1)" if where == "cell" else "")
    nb = notebook(task("f", source), task("g", "def g(): return 5"))
    verdicts = judged(nb, ONE + LATER, tasks=("f", "g"))
    assert verdicts["test_f_doubles"].outcome in ("crashed", "error")
    assert "ended the Python process" in verdicts["test_f_doubles"].message
    assert verdicts["test_g_is_right"].outcome == "passed"


def test_cells_before_the_check_run_once_and_in_order_even_after_a_crash(judged: Judged):
    tests = '''
        @points(1)
        def test_f_log(student):
            """The cells ran in order."""
            assert student.f() == ["first", "second"]

        @points(1)
        def test_g_dies(student):
            """Ends the kernel."""
            student.g()

        @points(1)
        def test_g_log(student):
            """The cells ran again, in order."""
            assert student.f() == ["first", "second"]
    '''
    nb = notebook(
        new_code_cell("log = ['first']"),
        new_code_cell("log.append('second')"),
        task("f", "def f(): return log"),
        task("g", "import os\ndef g(): os._exit(1)"),
    )
    verdicts = judged(nb, tests, tasks=("f", "g"))
    assert [v.outcome for v in verdicts.values()] == ["passed", "crashed", "passed"]


def test_a_test_cannot_swallow_a_timeout(judged: Judged):
    tests = '''
        @points(1)
        def test_f_swallows(student):
            """Swallows."""
            try:
                student.f(1)
            except Exception:
                pass
    '''
    limits = Budget(tests={"test_f_swallows": 0.3})
    nb = notebook(task("f", "def f(x):\n    while True: pass"))
    assert judged(nb, tests, limits=limits)["test_f_swallows"].outcome == "timeout"


def test_a_flood_of_output_is_cut(judged: Judged):
    flood = "for _ in range(200): print('x' * 100_000)\ndef f(x): return 2 * x"
    nb = notebook(task("f", flood))
    limits = Budget(cells={"f": 30.0})
    (verdict,) = judged(nb, ONE, limits=limits).values()
    assert verdict.outcome == "passed", verdict
    assert sum(len(output.text) for output in nb.cells[0].outputs) < 1.2 * 2**20


def test_memory_error_has_its_own_verdict(judged: Judged):
    (verdict,) = judged(notebook(task("f", "def f(x): raise MemoryError")), ONE).values()
    assert verdict.outcome == "memory"


def test_a_budget_is_roomy_and_the_slowness_of_the_machine_is_in_it():
    limits = budget({"f": 1.0, "g": 0.01}, {"test_f": 2.0, "test_g": 0.001})
    assert limits.cell("f") == 10.0
    assert limits.cell("g") == 5.0
    assert limits.test("test_f") == 20.0
    assert limits.test("test_g") == 2.0
    assert budget({}, {"test_g": 0.001}, engine=True).test("test_g") == 10.0
