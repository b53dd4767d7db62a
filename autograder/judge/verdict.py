"""Verdicts: what a test found, as plain data that every table, page and gradebook is made from."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["passed", "failed", "error", "timeout", "memory", "crashed", "infrastructure"]

PHRASES: dict[Outcome, str] = {
    "passed": "passed",
    "failed": "not yet",
    "error": "raised an error",
    "timeout": "took too long",
    "memory": "ran out of memory",
    "crashed": "ended the kernel",
    "infrastructure": "could not be judged",
}


@dataclass(frozen=True)
class Planned:
    """A test before it runs: whose it is, what the student reads, and what it is worth."""

    test: str
    task: str
    title: str
    hidden: bool
    points: float


@dataclass(frozen=True)
class Verdict:
    """A test after it ran. Of a hidden test it holds no value, message or input, only its hint."""

    test: str
    task: str
    title: str
    hidden: bool
    points: float
    outcome: Outcome
    hint: str = ""
    message: str = ""
    expected: str = ""
    actual: str = ""
    seconds: float = 0.0

    @property
    def earned(self) -> float:
        return self.points if self.outcome == "passed" else 0.0

    @property
    def phrase(self) -> str:
        return PHRASES[self.outcome]

    @property
    def reason(self) -> str:
        """One line that says why the points are not there."""
        return self.hint or self.message.partition("\n")[0] or self.title


@dataclass(frozen=True)
class Report:
    """A whole submission: its verdicts in the order of the notebook, notes on how it was read, and
    how far it was shut in."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    sandbox: str = "none"

    @property
    def earned(self) -> float:
        return score(self.verdicts)

    @property
    def points(self) -> float:
        return round(sum(verdict.points for verdict in self.verdicts), 6)

    @property
    def judged(self) -> bool:
        """False if a fault of ours left a test without a verdict: then there is no mark."""
        return all(verdict.outcome != "infrastructure" for verdict in self.verdicts)

    def of(self, task: str) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.task == task)

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "verdicts": [asdict(verdict) for verdict in self.verdicts]}


def read_report(plain: Mapping[str, Any]) -> Report:
    """The report that `Report.plain` wrote."""
    verdicts = tuple(Verdict(**verdict) for verdict in plain["verdicts"])
    return Report(verdicts, tuple(plain["notes"]), plain["seconds"], plain.get("sandbox", "none"))


def score(verdicts: Iterable[Verdict]) -> float:
    """Points earned; rounded so that thirds over three parameters add up to a whole."""
    return round(sum(verdict.earned for verdict in verdicts), 6)


def worth(planned: Iterable[Planned]) -> dict[str, float]:
    """The points of each task: the sum over its visible and hidden tests."""
    total: dict[str, float] = {}
    for test in planned:
        total[test.task] = total.get(test.task, 0.0) + test.points
    return {task: round(points, 6) for task, points in total.items()}
