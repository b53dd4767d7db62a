"""The pytest plugin: our fixtures on the way in, verdicts on the way out.

No evidence is never a pass: a test that was skipped, whose fixture failed, or whose line broke for
a reason of ours is `infrastructure`; a test that did not come to its end for a reason of the
student's is that reason.
"""

import reprlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from _pytest.assertion import util

from autograder import testing
from autograder.judge.bucket import LabBucket
from autograder.judge.deadline import deadline
from autograder.judge.engine import Spark
from autograder.judge.faults import CallTimeout, Infrastructure, KernelDied, OutOfMemory
from autograder.judge.student import DaskCluster, Line, Student
from autograder.judge.verdict import Outcome, Planned, Verdict
from autograder.lab import is_hidden
from autograder.modules import needed
from autograder.plaintext import clean
from autograder.repository.desk import Repository
from autograder.testing import StudentError

OUTCOMES: dict[type[BaseException], Outcome] = {
    CallTimeout: "timeout",
    OutOfMemory: "memory",
    KernelDied: "crashed",
    Infrastructure: "infrastructure",
    pytest.skip.Exception: "infrastructure",
    pytest.xfail.Exception: "infrastructure",
    StudentError: "error",
}
SHOWN = reprlib.Repr()
SHOWN.maxstring = SHOWN.maxother = SHOWN.maxlong = 300
SHOWN.maxlist = SHOWN.maxtuple = SHOWN.maxdict = SHOWN.maxset = 12
SHOWN.maxlevel = 4


class Stage(Line, Protocol):
    """Where the student's code runs: it is told which test begins, carries calls, and is told
    when it ended."""

    def begin(self, task: str, test: str, hidden: bool) -> None: ...

    def patience(self) -> float: ...

    def finish(self) -> None: ...

    def trouble(self, task: str) -> str: ...

    def bucket(self) -> Any: ...


class Judge:
    """State: the tests planned, the verdicts so far, and the values of the last failed
    comparison."""

    def __init__(
        self,
        tests: Sequence[Path],
        tasks: Sequence[str],
        stage: Stage | None = None,
        seed: Callable[[str], int] = hash,
        watch: Callable[[Verdict], object] = id,
        only: str = "",
    ) -> None:
        self.tests, self.tasks, self.stage = tests, tasks, stage
        self.seed, self.watch, self.only = seed, watch, only
        self.planned: list[Planned] = []
        self.verdicts: list[Verdict] = []
        self.plan_of: dict[pytest.Item, Planned] = {}
        self.compared: tuple[Any, Any] | None = None
        self.seconds = 0.0
        self.secrets = False
        self.broken = ""

    @pytest.fixture
    def student(self) -> Student:
        assert self.stage is not None
        return Student(self.stage)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        return np.random.default_rng(self.seed(request.node.name))

    @pytest.fixture
    def dask_cluster(self, student: Student) -> DaskCluster:
        return DaskCluster(student)

    @pytest.fixture
    def spark(self, student: Student) -> Spark:
        return Spark(student)

    @pytest.fixture
    def bucket(self) -> LabBucket:
        return LabBucket(self.stage)

    @pytest.fixture
    def repo(self) -> Repository:
        assert self.stage is not None
        return Repository(self.stage)

    def pytest_configure(self, config: pytest.Config) -> None:
        """Rewrite the helpers' assertions as those of the tests. Failures are told by verdicts, so
        tracebacks with source are not made."""
        config.option.tbstyle = "native"
        pytest.register_assert_rewrite(*(path.stem for path in needed(self.tests)))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            last = str(report.longrepr).strip().splitlines()[-1]
            self.broken = f"{Path(report.nodeid).name} could not be read: {last}"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests of our tasks, in the order of the notebook, visible before hidden."""
        names = [_function(item) for item in items]
        for item in items:
            self.plan_of[item] = self._planned(item, names.count(_function(item)))
        kept = [item for item in items if self._wanted(item)]
        items[:] = sorted(kept, key=lambda item: self._place(self.plan_of[item]))
        self.planned = [self.plan_of[item] for item in items]

    def _wanted(self, item: pytest.Item) -> bool:
        """Whether it tests a task of ours; if one task or test is named, then that one."""
        task, test = self.plan_of[item].task, _function(item).partition("::")[2]
        return task in self.tasks and self.only in ("", task, test)

    def _place(self, plan: Planned) -> tuple[int, bool]:
        return list(self.tasks).index(plan.task), plan.hidden

    def _planned(self, item: pytest.Item, sharers: int) -> Planned:
        name = _function(item).partition("::")[2]
        mark = item.get_closest_marker("points")
        fits = [t for t in self.tasks if name == f"test_{t}" or name.startswith(f"test_{t}_")]
        title = (getattr(item, "function", item).__doc__ or "").strip().partition("\n")[0]
        worth = mark.args[0] / sharers if mark else 0.0
        task = max(fits, key=len, default="")
        return Planned(item.name, task, title, is_hidden(item.path), worth)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Let the notebook run up to the task's check cell, then the test. Never in a fixture:
        see the judge."""
        assert self.stage is not None
        testing.forget_hints()
        self.compared, self.seconds = None, 0.0
        plan = self.plan_of[item]
        util._reprcompare = self._compared  # pytest's own explanation may take for ever
        try:
            self.stage.begin(plan.task, item.name, plan.hidden)
        except Exception as error:
            raise Infrastructure(f"{type(error).__name__}: {error}") from error
        self.secrets = self.secrets or plan.hidden
        start = time.monotonic()
        try:
            with deadline(self.stage.patience()):
                return (yield)
        finally:
            self.seconds = time.monotonic() - start
            self.stage.finish()

    def _compared(self, op: str, left: object, right: object) -> None:
        if op == "==":
            self.compared = left, right

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        error = call.excinfo.value if call.excinfo else None
        if call.when == "call":
            self._book(self._verdict(self.plan_of[item], error, self.seconds))
        elif error is not None:
            self._book(self._fault(self.plan_of[item], error))
        return (yield)

    def _book(self, verdict: Verdict) -> None:
        self.verdicts = [v for v in self.verdicts if v.test != verdict.test] + [verdict]
        self.watch(verdict)

    def _fault(self, plan: Planned, error: BaseException) -> Verdict:
        message = clean(f"{type(error).__name__}: {error}")
        return Verdict(**vars(plan), outcome="infrastructure", message=message)

    def _verdict(self, plan: Planned, error: BaseException | None, seconds: float) -> Verdict:
        if error is None:
            return Verdict(**vars(plan), outcome="passed", seconds=seconds)
        outcome = _outcome(error)
        shown: dict[str, Any] = {} if self.secrets else self._shown(outcome)
        hint = clean(testing.last_hint()) if isinstance(error, AssertionError) else ""
        message = clean(self._message(plan, outcome, error))
        return Verdict(
            **vars(plan), outcome=outcome, hint=hint, message=message, seconds=seconds, **shown
        )

    def _shown(self, outcome: Outcome) -> dict[str, Any]:
        if outcome != "failed" or self.compared is None:
            return {}
        actual, expected = self.compared
        return {"expected": show(expected), "actual": show(actual)}

    def _message(self, plan: Planned, outcome: Outcome, error: BaseException) -> str:
        """What the student may read of an exception: once a hidden test has begun, the notebook may
        know its inputs, and no more than a built-in type's name comes from there."""
        assert self.stage is not None
        if outcome == "infrastructure":
            return f"{type(error).__name__}: {error}"
        if trouble := self.stage.trouble(plan.task):
            return trouble
        if isinstance(error, StudentError):
            return _student_words(error, self.secrets)
        if outcome != "failed":
            return str(error)
        if not isinstance(error, AssertionError):
            what = type(error).__name__ if self.secrets else f"{type(error).__name__}: {error}"
            return f"what came back could not be checked ({what})"
        return "" if self.secrets or testing.last_hint() else str(error).partition("\nassert ")[0]


def _student_words(error: StudentError, secrets: bool) -> str:
    if error.kind == "NotImplementedError" and not error.message:
        return "not answered yet"
    if secrets:
        return f"it raised {error.builtin or 'an error'}"
    return f"{error}\n{error.trace}".strip()


def _outcome(error: BaseException) -> Outcome:
    if isinstance(error, StudentError) and error.builtin == "MemoryError":
        return "memory"
    fits: list[Outcome] = [name for kind, name in OUTCOMES.items() if isinstance(error, kind)]
    return fits[0] if fits else "failed"


def _function(item: pytest.Item) -> str:
    """A test function's own name, with its file: parameters of one function share its points."""
    return f"{item.path.name}::{getattr(item, 'originalname', item.name)}"


def show(value: object) -> str:
    """A value as a student reads it: short, on few lines, never an error."""
    if type(value).__module__.startswith("pandas") and hasattr(value, "head"):
        return clean(str(value.head(8)))  # type: ignore[attr-defined]
    return SHOWN.repr(value)
