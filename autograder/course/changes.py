"""Changes: how a mark differs from the one that was given before, test by test."""

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course.folder import Course
from autograder.course.grade import How, Work, judged, prepare
from autograder.course.marks import read, standing
from autograder.errors import OutgrowError
from autograder.judge.verdict import Report, Verdict


@dataclass(frozen=True)
class Change:
    """A submission's report as it is booked and as it would be now; None where there is none, and
    `fault` says why it could not be judged now."""

    student: str
    lab: str
    before: Report | None
    after: Report | None
    fault: str = ""

    @property
    def points(self) -> float:
        """What the mark gains, or loses if it is negative."""
        was, now = (report.earned if report else 0.0 for report in (self.before, self.after))
        return round(now - was, 6)

    @property
    def tests(self) -> tuple[tuple[Verdict | None, Verdict | None], ...]:
        """The tests that come out otherwise, that are new, or that are gone: before and after."""
        was, now = (
            {v.test: v for v in report.verdicts} if report else {}
            for report in (self.before, self.after)
        )
        pairs = [(was.get(name), now.get(name)) for name in {**was, **now}]
        return tuple((one, other) for one, other in pairs if _counts(one) != _counts(other))


def _counts(verdict: Verdict | None) -> tuple[str, float] | None:
    return (verdict.outcome, verdict.points) if verdict else None


def rehearse(course: Course, work: list[Work], how: How) -> Iterator[Change]:
    """Judge what `grade_all` would judge, and book nothing."""
    prepare(course, {lab for lab, _ in work}, how)
    stale = [w for w in work if how.again or not standing(course, *w, not how.unsafe)]
    for (lab, student), result in judged(course, stale, how):
        error, before = result.exception(), read(course, lab, student)
        if isinstance(error, OutgrowError):
            raise error
        if error:
            yield Change(student, lab, before, None, f"{type(error).__name__}: {error}")
        else:
            yield Change(student, lab, before, result.result().report)
