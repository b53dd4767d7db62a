"""Marks: what a submission earned, and whether one that was given before still stands."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.course.fingerprint import fingerprint
from autograder.course.folder import Course
from autograder.judge.submission import NOT_RUN
from autograder.judge.verdict import Report, Verdict, read_report

WORST = ("infrastructure", "crashed", "timeout", "memory", "error", "failed")


@dataclass(frozen=True)
class Mark:
    """What a submission earned; `report` is None if it could not be judged, and `fault` says why.
    `kept` says that it was given in an earlier run, and nothing has changed since."""

    student: str
    lab: str
    report: Report | None
    fault: str = ""
    kept: bool = False

    @property
    def judged(self) -> bool:
        return self.report is not None and self.report.judged

    @property
    def reason(self) -> str:
        """One line: why the mark is what it is."""
        if self.report is None:
            return self.fault
        lost = [v for v in self.report.verdicts if v.outcome != "passed" and v.message != NOT_RUN]
        if not lost:
            return "; ".join(self.report.notes) or "every test passed"
        return "; ".join([*self.report.notes, _gist(lost)])


def _gist(lost: Sequence[Verdict]) -> str:
    """The worst thing that happened, with its task."""
    if len({v.reason for v in lost}) == 1:
        return lost[0].reason
    worst = min(lost, key=lambda v: WORST.index(v.outcome))
    more = {v.task for v in lost} - {worst.task}
    return f"{worst.task}: {worst.reason}" + (f" (and {len(more)} more tasks)" if more else "")


def standing(course: Course, lab: str, student: str, sandbox: bool = True) -> Mark | None:
    """The mark in `autograded/`, if it was made from what there is now."""
    found = _graded(course, lab, student)
    if found.get("fingerprint") != fingerprint(course, lab, student, sandbox):
        return None
    report = read_report(found["report"])
    return Mark(student, lab, report, kept=True) if report.judged else None


def read(course: Course, lab: str, student: str) -> Report | None:
    """The report in an autograded notebook, if there is one."""
    found = _graded(course, lab, student)
    return read_report(found["report"]) if found else None


def _graded(course: Course, lab: str, student: str) -> dict[str, Any]:
    """What we noted in an autograded notebook: report, fingerprint, …"""
    try:
        text = course.notebook("autograded", lab, student).read_text("utf-8")
        ours = json.loads(text)["metadata"]["outgrow"]
        return ours if "report" in ours else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
