"""Grading a class: submissions are judged side by side and booked one after the other, by
nbgrader."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from traceback import format_exception
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.collect import adopt
from autograder.course.exam import planned_of
from autograder.course.folder import Course
from autograder.course.frame import nbgrader_api, quietly
from autograder.course.steps import Judge, judge_submission, submission
from autograder.errors import OutgrowError
from autograder.judge.submission import NOT_RUN
from autograder.judge.verdict import Report, Verdict, read_report
from autograder.lanes import lanes
from autograder.sandbox.probe import require

WORST = ("infrastructure", "crashed", "timeout", "memory", "error", "failed")


@dataclass(frozen=True)
class Mark:
    """What a submission earned; `report` is None if it could not be judged, and `fault` says
    why."""

    student: str
    lab: str
    report: Report | None
    fault: str = ""

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


def grade(
    course: Course, lab: str, students: Sequence[str] = (), unsafe: bool = False
) -> Iterator[Mark]:
    """Grade a lab's submissions (all, or those named); a mark comes out as soon as it is booked."""
    if lab not in course.released():
        remedy = f"Run `outgrow course release {lab}`."
        raise OutgrowError(f"{lab} is not released", course.root, remedy)
    work = [(lab, student) for student in students or course.students(lab)]
    return grade_all(course, work, unsafe)


def grade_all(
    course: Course, work: Sequence[tuple[str, str]], unsafe: bool = False
) -> Iterator[Mark]:
    """Grade submissions, each a lab and a student, of labs that are released.

    As many are judged at a time as there are cores, each in a process of its own; only this one
    writes marks. What could not be judged for a reason of ours is judged again, at last alone.
    """
    if not unsafe:
        require()
    for lab in {lab for lab, _ in work}:
        planned_of(course, lab)
    for lab, student in work:
        adopt(course, lab, student)
    api = nbgrader_api(course)
    again: list[tuple[str, str]] = []
    for one, job in _judged(course, work, unsafe):
        if _ours(job):
            again.append(one)
        else:
            yield _book(course, api, *one, job)
    for one in again:
        for _, job in _judged(course, [one], unsafe):
            yield _book(course, api, *one, job)


def _judged(
    course: Course, work: Sequence[tuple[str, str]], unsafe: bool
) -> Iterator[tuple[tuple[str, str], Future[NotebookNode]]]:
    with lanes(len(work)) as submit:
        jobs = {submit(judge_alone, course, *one, not unsafe): one for one in work}
        for job in as_completed(jobs):
            yield jobs[job], job


def _ours(job: Future[NotebookNode]) -> bool:
    """Whether a judgement failed for a reason that may be gone the next time: a lane that died, a
    sandbox that did not start."""
    if error := job.exception():
        return not isinstance(error, OutgrowError)
    return not read_report(job.result().metadata.outgrow["report"]).judged


def judge_alone(course: Course, lab: str, student: str, sandbox: bool = True) -> NotebookNode:
    """Judge one submission in this process, and write nothing."""
    return judge_submission(course, lab, student, submission(course, lab, student), sandbox)


def _book(course: Course, api: Any, lab: str, student: str, job: Future[NotebookNode]) -> Mark:
    """Let nbgrader write a judged notebook and its marks."""
    error = job.exception()
    if isinstance(error, OutgrowError):
        raise error
    if error is not None:
        return _fault(course, lab, student, "".join(format_exception(error)))
    Judge.ready[lab, student] = job.result()
    result = quietly(api.autograde, lab, student)
    if not result["success"]:
        return _fault(course, lab, student, f"{result.get('log', '')}\n{result.get('error', '')}")
    return Mark(student, lab, read(course, lab, student))


def _fault(course: Course, lab: str, student: str, log: str) -> Mark:
    """A submission without a mark, for a reason of ours, which is kept."""
    file = course.private / "faults" / f"{student}-{lab}.log"
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_text(log, "utf-8")
    except OSError as error:  # no room for it: then at least its last line is said
        last = (log.strip().splitlines() or [str(error)])[-1]
        return Mark(student, lab, None, f"could not be judged: {last}")
    return Mark(student, lab, None, f"could not be judged; see {file}")


def read(course: Course, lab: str, student: str) -> Report:
    """The report in an autograded notebook."""
    notebook = nbformat.read(course.notebook("autograded", lab, student), as_version=4)
    return read_report(notebook.metadata.outgrow["report"])


def _gist(lost: Sequence[Verdict]) -> str:
    """The worst thing that happened, with its task."""
    if len({v.reason for v in lost}) == 1:
        return lost[0].reason
    worst = min(lost, key=lambda v: WORST.index(v.outcome))
    more = {v.task for v in lost} - {worst.task}
    return f"{worst.task}: {worst.reason}" + (f" (and {len(more)} more tasks)" if more else "")
