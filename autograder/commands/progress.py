"""What commands write while they work: a live line in a terminal, plain lines elsewhere."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from autograder.course.marks import Mark
from autograder.plaintext import line
from autograder.sandbox.probe import require
from autograder.table import number

console = Console(highlight=False)


def follow(marks: Iterable[Mark], total: int, what: str) -> list[Mark]:
    """Show marks as they come; return them all."""
    done: list[Mark] = []
    with _progress() as progress:
        task = progress.add_task(what, total=total)
        for mark in marks:
            done.append(mark)
            progress.console.print(_line(mark))
            progress.advance(task)
    return done


def sandbox_line(unsafe: bool) -> str:
    """How far submissions will be shut in; an error if they cannot be, and nobody has said so."""
    if unsafe:
        return "[yellow]sandbox: none (--unsafe): submissions can do all that you can[/]"
    found = require()
    return f"sandbox: {found.name} ({escape(found.fact)})"


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, transient=True)


def _line(mark: Mark) -> str:
    colour = "green" if mark.judged else "yellow"
    return f"  [{colour}]{points(mark):>9}[/] {escape(line(mark.student))} [dim]{mark.lab}[/]"


def points(mark: Mark) -> str:
    """`7 / 10`, or `open` where there is no mark yet."""
    if mark.report is None or not mark.judged:
        return "open"
    return f"{number(mark.report.earned)} / {number(mark.report.points)}"


def marks_table(marks: Sequence[Mark], title: str) -> Table:
    """The class at a glance: a row a submission, with one line of reason."""
    table = Table(title=title, title_justify="left", expand=False)
    table.add_column("student", no_wrap=True)
    table.add_column("mark", justify="right", no_wrap=True)
    table.add_column("s", justify="right", no_wrap=True)
    table.add_column("why")
    for mark in marks:
        seconds = f"{mark.report.seconds:.1f}" if mark.report else ""
        why = Text(line(mark.reason, 160))
        table.add_row(Text(line(mark.student)), points(mark), seconds, why)
    return table
