"""What commands write while they work: a live line in a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from autograder.course.folder import Course
from autograder.course.grade import How, Work, grade_all
from autograder.course.marks import Mark
from autograder.plaintext import line
from autograder.sandbox.probe import require
from autograder.table import number

console = Console(highlight=False)
MANY = 60  # rows that a table in a terminal may have
NOW_AND_THEN = 50  # marks after which a log is told how far things are


class Stopped(KeyboardInterrupt):
    """Ctrl-C, with what the user should know."""


def follow(course: Course, work: Sequence[Work], how: How, what: str) -> list[Mark]:
    """Grade, and show marks as they come; return them all. Raises Stopped on Ctrl-C."""
    done: list[Mark] = []
    with Board(what, len(work)) as board:
        try:
            for mark in grade_all(course, work, how, board.tell):
                done.append(mark)
                board.count(mark)
        except KeyboardInterrupt:
            rest = "the same command goes on with the rest"
            raise Stopped(f"stopped; {len(done)} of {len(work)} are graded: {rest}") from None
    return done


class Board(AbstractContextManager["Board"]):
    """How far grading is: a line for each mark, the rate, the time that is left."""

    def __init__(self, what: str, total: int) -> None:
        self.total, self.kept, self.new, self.open = total, 0, 0, 0
        self.started = time.monotonic()
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(elapsed_when_finished=True),
        )
        live = console.is_terminal
        self.progress = Progress(*columns, console=console, transient=True, disable=not live)
        self.task = self.progress.add_task(what, total=total, pace="")

    def __enter__(self) -> "Board":
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()
        if self.kept:
            console.print(f"{self.kept} kept: graded before, and nothing has changed since")

    def tell(self, mark: Mark) -> None:
        """A mark is known."""
        console.print(_line(mark))

    def count(self, mark: Mark) -> None:
        """A mark is booked."""
        self.kept += mark.kept
        self.new += not mark.kept
        self.open += not mark.judged
        self.progress.update(self.task, advance=1, pace=self._pace())
        if self.new and self.new % NOW_AND_THEN == 0 and not console.is_terminal:
            console.print(f"{self.kept + self.new} of {self.total}, {self._pace()}")

    def _pace(self) -> str:
        a_minute = 60 * self.new / (time.monotonic() - self.started)
        trouble = f", {self.open} could not be judged" if self.open else ""
        return f"{a_minute:.0f} a minute{trouble}"


def note(text: str) -> None:
    """Something that goes on beside the marks."""
    console.print(f"[dim]{escape(line(text, 200))}[/]")


def sandbox_line(unsafe: bool, on: str = "") -> str:
    """How far submissions will be shut in; an error if they cannot be, and nobody has said so."""
    if unsafe:
        return "[yellow]sandbox: none (--unsafe): submissions can do all that you can[/]"
    if on:
        return f"sandbox: each worker's own, on the hosts of {escape(on)}"
    found = require()
    return f"sandbox: {found.name} ({escape(found.fact)})"


def _line(mark: Mark) -> str:
    colour = "green" if mark.judged else "yellow"
    why = "" if mark.judged and mark.reason == "every test passed" else f"  {mark.reason}"
    told = escape(line(f"{mark.student}  {mark.lab}{why}", 120))
    return f"  [{colour}]{points(mark):>9}[/] {told}"


def points(mark: Mark) -> str:
    """`7 / 10`, or `open` where there is no mark yet."""
    if mark.report is None or not mark.judged:
        return "open"
    return f"{number(mark.report.earned)} / {number(mark.report.points)}"


def marks_table(marks: Sequence[Mark], title: str) -> Table:
    """The class at a glance: a row a submission, with one line of reason; of a large class, those
    without a mark."""
    shown = marks if len(marks) <= MANY else [mark for mark in marks if not mark.judged]
    left = len(marks) - len(shown)
    head = f"{title}: {left} marks, and the rest" if left and shown else title
    table = Table(title=head, title_justify="left", expand=False)
    table.add_column("student", no_wrap=True)
    table.add_column("mark", justify="right", no_wrap=True)
    table.add_column("s", justify="right", no_wrap=True)
    table.add_column("why")
    for mark in shown:
        seconds = f"{mark.report.seconds:.1f}" if mark.report else ""
        why = Text(line(mark.reason, 160))
        table.add_row(Text(line(mark.student)), points(mark), seconds, why)
    return table


def average(marks: Iterable[Mark]) -> str:
    """One line on a class: how many marks, and their mean."""
    reports = [mark.report for mark in marks if mark.judged and mark.report]
    if not reports:
        return "no marks"
    mean = sum(report.earned for report in reports) / len(reports)
    most = max(report.points for report in reports)
    return f"{len(reports)} marks, {number(mean)} of {number(most)} points on average"
