"""What a rehearsal shows: which marks would change, and by which tests."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from autograder.commands.progress import console
from autograder.course.changes import Change
from autograder.judge.verdict import Verdict
from autograder.plaintext import line
from autograder.table import number, phrase

SHOWN = 3  # tests of a submission


def show_changes(changes: Iterable[Change], total: int) -> bool:
    """Print a rehearsal's findings; whether all could be judged, and no mark would change."""
    found: list[Change] = []
    with console.status(f"judging {total} submissions, to book nothing"):
        for change in changes:
            found.append(change)
    other = [change for change in found if change.points or change.tests or change.fault]
    if other:
        console.print(_table(other))
    same = len(found) - len(other)
    console.print(f"{len(other)} would change, {same} would stay. Nothing was booked.")
    return not other


def _table(changes: list[Change]) -> Table:
    table = Table(title="What would change", title_justify="left", expand=False)
    for name in ("student", "mark", "would be"):
        table.add_column(name, no_wrap=True)
    table.add_column("because")
    for change in changes:
        marks = (_points(change.before), _points(change.after))
        table.add_row(Text(line(change.student)), *marks, Text(_why(change)))
    return table


def _points(report: object) -> str:
    earned = getattr(report, "earned", None)
    return "none" if earned is None else number(earned)


def _why(change: Change) -> str:
    if change.fault:
        return line(f"could not be judged: {change.fault}", 160)
    told = [_told(was, now) for was, now in change.tests]
    more = f"and {len(told) - SHOWN} more tests" if len(told) > SHOWN else ""
    return "\n".join([*told[:SHOWN], *([more] if more else [])])


def _told(was: Verdict | None, now: Verdict | None) -> str:
    """`toposort: Every task comes after its dependencies. passed → not yet`."""
    some = now or was
    assert some is not None
    one, other = (phrase(v) if v else "no such test" for v in (was, now))
    if was and now and was.points != now.points:
        one, other = f"{one}, {number(was.points)}", f"{other}, {number(now.points)}"
    return line(f"{some.task}: {some.title} {one} → {other}", 200)
