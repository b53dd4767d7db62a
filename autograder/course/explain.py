"""Explaining a mark: what it was made from, with what, where, and what came of each test."""

from collections.abc import Iterator
from typing import Any

from autograder.course.fingerprint import fingerprint
from autograder.course.folder import Course
from autograder.course.record import entries
from autograder.errors import OutgrowError
from autograder.judge.seeds import seeds
from autograder.judge.verdict import Verdict
from autograder.plaintext import line
from autograder.table import number, text

SOME = ("python", "dask", "pandas", "pyarrow", "nbgrader", "outgrow")


def explain(course: Course, lab: str, student: str) -> Iterator[str]:
    """Lines that explain the mark that `student` was given last for `lab`; raises OutgrowError if
    none was."""
    found = latest(course, lab, student)
    yield f"{line(student)}, {lab}: {number(found['earned'])} of {number(found['points'])} points"
    yield from _gradebook(course, lab, student)
    yield from _made(course, found)
    verdicts = [Verdict(**_fields(verdict)) for verdict in found["verdicts"]]
    for task in dict.fromkeys(verdict.task for verdict in verdicts):
        yield ""
        yield text(task, [verdict for verdict in verdicts if verdict.task == task])
    yield ""
    yield f"To judge it again, and book nothing: outgrow course explain {student} {lab} --rerun"


def latest(course: Course, lab: str, student: str) -> dict[str, Any]:
    """The last entry that the records of runs have of a mark."""
    mine = (e for e in entries(course) if (e["lab"], e["student"]) == (lab, student))
    if found := next(mine, None):
        return found
    fact = f"no run has graded {line(student)} in {lab}"
    raise OutgrowError(fact, course.private / "runs", f"Run `outgrow course grade {lab}`.")


def _fields(verdict: dict[str, Any]) -> dict[str, Any]:
    """A verdict's fields as they are recorded: what is empty was left out."""
    return {"hidden": False, "points": 0.0, **{k: v for k, v in verdict.items() if k != "seed"}}


def _gradebook(course: Course, lab: str, student: str) -> Iterator[str]:
    """What the gradebook makes of it: points by hand, lateness."""
    from autograder.course.booking import Book

    with Book(course) as book:
        entry = book.entry(lab, student)
    if entry is None:
        yield "the gradebook has no mark: grade again"
        return
    late = f", after {number(entry.penalty)} taken off for lateness" if entry.penalty else ""
    yield f"gradebook  {number(entry.score)} of {number(entry.max_score)}{late}"
    if entry.by_hand:
        yield f"by hand    {', '.join(entry.by_hand)}"
    if entry.waiting:
        yield f"waiting    {', '.join(entry.waiting)} for somebody to mark by hand"


def _made(course: Course, found: dict[str, Any]) -> Iterator[str]:
    lab, student, run = found["lab"], found["student"], found["run"]
    now = fingerprint(course, lab, student, found["sandbox"] == "full")
    submitted, exam = (
        "is the same now" if was == is_now else "has changed since"
        for was, is_now in zip(found["fingerprint"].split("-"), now.split("-"), strict=True)
    )
    seed = seeds(course.secret, course.id, lab, student)
    same = all(verdict["seed"] == seed(verdict["test"]) for verdict in found["verdicts"])
    versions = run.get("versions", {})
    told = ", ".join(f"{name} {versions[name]}" for name in SOME if name in versions)
    yield f"graded     {found['at'][:19]} UTC on {line(found['host'])}; sandbox: {found['sandbox']}"
    yield f"with       {told}"
    yield f"handed in  {found['fingerprint'].split('-')[0][:12]} {submitted}"
    yield f"exam       {found['fingerprint'].split('-')[1][:12]} {exam}"
    yield f"seeds      {'those of today' if same else 'of a secret that the course no longer has'}"
    yield f"seconds    {', '.join(f'{name} {s:.2f}' for name, s in found['seconds'].items())}"
    yield from (f"note       {line(note)}" for note in found["notes"])
