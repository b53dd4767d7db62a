"""The judge of a cell in a page: a task's visible tests, run on what the reader wrote.

It runs in the page, in Pyodide. The tests are the lab's own, unchanged, and what they call goes
over the same wire as in a notebook, so that tuples, sets and copies behave alike. pytest and numpy
are not there: `stand_in` and `draws` take their places. A case that needs numpy or pandas is not
run here, and says so; it is never counted as passed.
"""

import io
import json
import linecache
import reprlib
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, cast

from autograder import service, table, testing
from autograder.judge.faults import Infrastructure
from autograder.judge.seeds import PUBLIC, seeds
from autograder.judge.student import Student
from autograder.judge.verdict import Outcome, Verdict
from autograder.plaintext import clean
from lectures._site.live.draws import Draws
from lectures._site.live.rewrite import Comparison, load

CELL = "<ipykernel: your cell>"  # `service` looks for this name in a traceback
MOST_PRINTED = 10_000
MISSING = {"ImportError", "ModuleNotFoundError"}
SHOWN = reprlib.Repr()
SHOWN.maxstring = SHOWN.maxother = SHOWN.maxlong = 300
SHOWN.maxlist = SHOWN.maxtuple = SHOWN.maxdict = SHOWN.maxset = 12


class Here:
    """The line to the reader's functions: they are in this very process."""

    sandbox = False

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace

    def ask(self, request: bytes, what: str) -> bytes:
        """Answer a request at once."""
        del what
        return service.answer(request, self.namespace)


class Printed(io.StringIO):
    """What was printed, up to a limit."""

    def write(self, text: str) -> int:
        """Keep the text while there is room for it."""
        if self.tell() < MOST_PRINTED:
            super().write(text[:MOST_PRINTED])
        return len(text)


def judge(order: str) -> str:
    """Run a cell and the visible tests of its task; JSON to JSON.

    `order` has `lab` (a folder), `tasks` (all of that lab), `task`, `given` (source that stands
    before the cell) and `code` (the cell). The answer has `broken` (why the cell itself does not
    run, or ""), `printed`, `passed`, and `lines`, one for each test or for its cases alike.
    """
    asked = json.loads(order)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    printed = Printed()
    with redirect_stdout(printed), redirect_stderr(printed):
        exec(compile(asked["given"], "<given>", "exec"), namespace)
        broken = _run_cell(asked["code"], namespace)
        verdicts = [] if broken else list(_verdicts(asked, Student(Here(namespace))))
    states = {_state(verdict) for verdict in verdicts}
    answer = {
        "broken": broken,
        "printed": clean(printed.getvalue(), MOST_PRINTED),
        "passed": "passed" in states and states <= {"passed", "elsewhere"},
        "lines": [_told(verdict) for verdict in table.merged(verdicts)],
    }
    return json.dumps(answer)


def _run_cell(code: str, namespace: dict[str, Any]) -> str:
    """Define what the cell defines; what is wrong with it, or ""."""
    linecache.cache[CELL] = (len(code), None, code.splitlines(keepends=True), CELL)
    try:
        exec(compile(code, CELL, "exec"), namespace)
    except SyntaxError as error:
        return clean(f"line {error.lineno}: {type(error).__name__}: {error.msg}")
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == CELL]
        return clean(f"line {frames[-1].lineno}: {type(error).__name__}: {error}")
    return ""


def _verdicts(asked: dict[str, Any], student: Student) -> Iterator[Verdict]:
    seed = seeds(PUBLIC, asked["task"])
    for name, test in _tests(Path(asked["lab"]).resolve(), asked["tasks"], asked["task"]):
        cases = getattr(test, "cases", [{}])
        for number, case in enumerate(cases):
            arguments = {"student": student, "rng": Draws(seed(f"{name}{number}")), **case}
            wanted = test.__code__.co_varnames[: test.__code__.co_argcount]
            found = _outcome(lambda t=test, a=arguments, w=wanted: t(**{n: a[n] for n in w}))
            title = (test.__doc__ or "").strip().partition("\n")[0]
            worth = getattr(test, "points", 0.0) / len(cases)
            yield Verdict(name, asked["task"], title, False, worth, **found)


def _tests(folder: Path, tasks: list[str], task: str) -> Iterator[tuple[str, Any]]:
    """The tests of a task: a test belongs to the task with the longest name that fits."""
    for path in sorted(folder.glob("test_lab*.py")):
        for name, test in vars(load(path)).items():
            fits = [t for t in tasks if name == f"test_{t}" or name.startswith(f"test_{t}_")]
            if max(fits, key=len, default="") == task:
                yield name, test


def _outcome(run: Callable[[], object]) -> dict[str, Any]:
    """The fields of a verdict that one run of a test fills."""
    testing.forget_hints()
    Comparison.last = None
    try:
        run()
    except AssertionError as error:
        return {"outcome": "failed", **_failure(error)}
    except testing.StudentError as error:
        return _raised(error)
    except Infrastructure as error:
        return {"outcome": "infrastructure", "message": clean(str(error))}
    except Exception as error:
        what = clean(f"{type(error).__name__}: {error}")
        return {"outcome": "failed", "message": f"what came back could not be checked ({what})"}
    return {"outcome": "passed"}


def _failure(error: AssertionError) -> dict[str, str]:
    hint = clean(testing.last_hint())
    shown = {"hint": hint} if hint else {"message": clean(str(error))}
    if Comparison.last is not None:
        actual, expected = map(SHOWN.repr, Comparison.last)
        shown |= {"actual": clean(actual), "expected": clean(expected)}
    return shown


def _raised(error: testing.StudentError) -> dict[str, Any]:
    if error.kind == "NotImplementedError" and not error.message:
        return {"outcome": "error", "message": "not answered yet"}
    if error.kind in MISSING and not error.trace:  # the test itself asked for it
        package = error.message.rpartition("'")[0].rpartition("'")[2]
        message = f"not run in the page, where there is no {package}: the lab runs it"
        return {"outcome": "infrastructure", "message": message}
    outcome = "memory" if error.builtin == "MemoryError" else "error"
    return {"outcome": cast(Outcome, outcome), "message": f"{error}\n{error.trace}".strip()}


def _state(verdict: Verdict) -> str:
    """What a line is: passed, elsewhere (it cannot run in a page), untried, or wrong."""
    if verdict.outcome == "passed":
        return "passed"
    if verdict.message.startswith("not run in the page"):
        return "elsewhere"
    return "untried" if verdict.message in table.NOT_TRIED else "wrong"


def _told(verdict: Verdict) -> dict[str, str]:
    told = ("test", "title", "hint", "expected", "actual")
    return {
        **{name: getattr(verdict, name) for name in told},
        "state": _state(verdict),
        "phrase": table.phrase(verdict),
        "message": table.message(verdict),
    }
