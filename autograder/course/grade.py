"""Grading a class: submissions are judged side by side, and booked one after the other.

A run can be ended at any moment and begun again: what is booked and has not changed is kept, all
else is judged. Only this process writes marks.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import cache, partial
from traceback import format_exception
from typing import TYPE_CHECKING

from autograder.course.collect import adopt
from autograder.course.exam import expected, planned_of
from autograder.course.fingerprint import of_exam
from autograder.course.folder import Course
from autograder.course.judging import Judged, judge_one
from autograder.course.marks import Mark, standing
from autograder.course.record import Record
from autograder.course.release import measure_here
from autograder.errors import OutgrowError
from autograder.lanes import Each, lanes
from autograder.sandbox.nursery import expect
from autograder.sandbox.probe import require

if TYPE_CHECKING:
    from autograder.course.booking import Book

Work = tuple[str, str]
Watch = Callable[[Mark], object]


@dataclass(frozen=True)
class How:
    """How to grade: without the sandbox (`unsafe`), what has not changed too (`again`), in how many
    lanes at most (`jobs`; 0: as many as the machine bears), and on whose hosts, if not here (`on`:
    a Dask scheduler's address). `say` is told what goes on beside the marks."""

    unsafe: bool = False
    again: bool = False
    jobs: int = 0
    on: str = ""
    say: Callable[[str], object] = id


def grade(
    course: Course, lab: str, students: Sequence[str] = (), how: How | None = None
) -> Iterator[Mark]:
    """Grade a lab's submissions (all, or those named)."""
    prepare(course, [lab], how or How())
    return grade_all(course, work_of(course, lab, students), how)


def work_of(course: Course, lab: str, students: Sequence[str] = ()) -> list[Work]:
    """A lab's submissions, or of these the ones named; raises OutgrowError if there is none."""
    there = course.students(lab)
    if unknown := [student for student in students if student not in there]:
        fact = f"nothing of {', '.join(unknown)} is here for {lab}"
        raise OutgrowError(
            fact, course.root / "submitted", f"Collect it: outgrow course collect {lab} INBOX."
        )
    return [(lab, student) for student in students or there]


def grade_all(
    course: Course, work: Sequence[Work], how: How | None = None, watch: Watch = id
) -> Iterator[Mark]:
    """Grade submissions, each a lab and a student. A mark comes out when it is booked; `watch` is
    called as soon as it is known.

    What could not be judged for a reason of ours is judged once more, alone.
    """
    how = how or How()
    prepare(course, {lab for lab, _ in work}, how)
    stale: list[Work] = []
    known = cache(lambda lab: booked(course, lab))
    for lab, student in work:
        mark = None if how.again else standing(course, lab, student, not how.unsafe)
        if mark and student in known(lab):
            yield mark
        else:
            stale.append((lab, student))
    if stale:
        with Clerk(course, watch) as clerk:
            clerk.record.begin(
                exams={lab: of_exam(course, lab, not how.unsafe) for lab in {w[0] for w in stale}},
                submissions=len(work),
                to_judge=len(stale),
            )
            yield from clerk.book(judged(course, stale, how))


def booked(course: Course, lab: str) -> set[str]:
    """The students who have marks for a lab in the gradebook."""
    from autograder.course.booking import Book

    with Book(course) as book:
        return book.booked(lab)


def prepare(course: Course, labs: Iterable[str], how: How) -> None:
    """Raise OutgrowError unless the labs can be graded. Hosts look to their sandboxes and budgets
    themselves."""
    if not how.unsafe and not how.on:
        require()
    for lab in labs:
        if lab not in course.released():
            remedy = f"Run `outgrow course release {lab}`."
            raise OutgrowError(f"{lab} is not released", course.root, remedy)
        planned_of(course, lab)
        if not how.on:
            measure_here(course, lab, how.say)


def judged(course: Course, work: Sequence[Work], how: How) -> Iterator[tuple[Work, Future[Judged]]]:
    """Judge submissions in lanes, and those that fail for a reason of ours again, alone."""
    again: list[Work] = []
    for one, result in _in_lanes(course, work, how, how.jobs or len(work)):
        if _ours(result):
            again.append(one)
        else:
            yield one, result
    if again:
        yield from _in_lanes(course, again, how, 1)


def _in_lanes(
    course: Course, work: Sequence[Work], how: How, jobs: int
) -> Iterator[tuple[Work, Future[Judged]]]:
    for lab, student in work:
        adopt(course, lab, student)
    with _place(course, work, how, min(jobs, len(work))) as each:
        todo = ((course, lab, student, not how.unsafe) for lab, student in work)
        for (_, lab, student, _), result in each(judge_one, todo):
            yield (lab, student), result


def _place(
    course: Course, work: Sequence[Work], how: How, jobs: int
) -> AbstractContextManager[Each]:
    """Where submissions are judged: in lanes here, or on the hosts of a cluster."""
    if not how.on:
        return lanes(jobs, _ahead(course, work, how))
    from autograder.hosts import hosts

    return hosts(course, {lab for lab, _ in work}, how.on, not how.unsafe, jobs, how.say)


def _ahead(course: Course, work: Sequence[Work], how: How) -> Callable[[], object]:
    """What a lane does before its first job: begin to make what that one's kernel takes."""
    if how.unsafe or not work:
        return int
    return partial(expect, expected(course, work[0][0]))


def _ours(result: Future[Judged]) -> bool:
    """Whether a judgement failed for a reason that may be gone the next time: a lane that died, a
    sandbox that did not start."""
    if error := result.exception():
        return not isinstance(error, OutgrowError)
    return not result.result().report.judged


@dataclass
class Clerk:
    """Who books what has been judged, and keeps the run's record. The gradebook is opened for the
    first mark: by then the lanes are at work, and nobody waits for it."""

    course: Course
    watch: Watch
    record: Record = field(init=False)
    _open: ExitStack = field(default_factory=ExitStack)
    _book: "Book | None" = None

    def __post_init__(self) -> None:
        self.record = Record(self.course)

    def __enter__(self) -> "Clerk":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def book(self, results: Iterable[tuple[Work, Future[Judged]]]) -> Iterator[Mark]:
        for (lab, student), result in results:
            error = result.exception()
            if isinstance(error, OutgrowError):
                raise error
            if error is not None:
                log = "".join(format_exception(error))
                mark = self._fault(lab, student, log)
                self.watch(mark)
            else:
                mark = self._mark(result.result())
            yield mark

    def _mark(self, found: Judged) -> Mark:
        mark = Mark(found.student, found.lab, found.report)
        self.watch(mark)
        try:
            self.record.mark(found)
            self._gradebook().enter(found)
        except OutgrowError:
            raise
        except Exception as error:  # no room, no database, …: the others' marks go on
            return self._fault(found.lab, found.student, "".join(format_exception(error)))
        return mark

    def _gradebook(self) -> "Book":
        from autograder.course.booking import Book

        if self._book is None:
            self._book = self._open.enter_context(Book(self.course))
        return self._book

    def _fault(self, lab: str, student: str, log: str) -> Mark:
        """A submission without a mark, for a reason of ours, which is kept."""
        file = self.course.private / "faults" / f"{student}-{lab}.log"
        try:
            file.parent.mkdir(exist_ok=True)
            file.write_text(log, "utf-8")
            self.record.write("fault", lab=lab, student=student, log=log)
        except OSError as error:  # no room for it: then at least its last line is said
            last = (log.strip().splitlines() or [str(error)])[-1]
            return Mark(student, lab, None, f"could not be judged: {last}")
        return Mark(student, lab, None, f"could not be judged; see {file}")
