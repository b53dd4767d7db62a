"""`outgrow course grade` and `outgrow course explain`: marks, and where they come from."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands import NOT_WELL
from autograder.commands.options import course_option

if TYPE_CHECKING:
    from autograder.course.folder import Course
    from autograder.course.grade import How, Work


@click.command()
@click.argument("lab")
@click.argument("student", nargs=-1)
@course_option
@click.option("--again", is_flag=True, help="Judge also what has not changed since it was graded.")
@click.option(
    "--dry-run", is_flag=True, help="Judge, show which marks would change, and book nothing."
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="How many to judge at a time, at most; else one a core, as far as the memory goes.",
)
@click.option(
    "--on",
    metavar="ADDRESS",
    default="",
    help="Judge on the workers of the Dask scheduler at this address (tcp:// or tls://).",
)
@click.option(
    "--unsafe",
    is_flag=True,
    help="Run submissions without the sandbox: they can do all that you can. Noted with the marks.",
)
def grade(
    lab: str,
    student: tuple[str, ...],
    root: Path,
    again: bool,
    dry_run: bool,
    jobs: int | None,
    on: str,
    unsafe: bool,
) -> None:
    """Grade LAB: all submissions, or those of the STUDENTs named.

    Each runs in a sandbox of its own; where there is none, nothing is graded: `outgrow doctor`.
    Stop it when you like: the same command goes on with what is left. What was graded before, and
    has not changed since (nor have the tests, the reference, the release), keeps its mark.

    Marks go to the gradebook, notebooks with verdicts to autograded/, what was done to
    .outgrow/runs/. A submission that could not be judged for a reason of ours has no mark, and the
    exit status is 3.
    """
    from autograder.commands import progress
    from autograder.course.folder import open_course
    from autograder.course.grade import How, work_of

    course = open_course(root)
    name = course.lab(lab).name
    work = work_of(course, name, student)
    how = How(unsafe, again, jobs or 0, on, progress.note)
    progress.console.print(progress.sandbox_line(unsafe, on))
    if dry_run:
        raise SystemExit(0 if _rehearse(course, work, how) else NOT_WELL)
    marks = progress.follow(course, work, how, name)
    progress.console.print(progress.marks_table(marks, name))
    progress.console.print(progress.average(marks))
    raise SystemExit(0 if all(mark.judged for mark in marks) else NOT_WELL)


def _rehearse(course: "Course", work: "list[Work]", how: "How") -> bool:
    """Show what would change; whether nothing would, and nothing failed."""
    from autograder.commands.changes import show_changes
    from autograder.course.changes import rehearse

    return show_changes(rehearse(course, work, how), len(work))


@click.command()
@click.argument("student")
@click.argument("lab")
@course_option
@click.option("--rerun", is_flag=True, help="Judge it again, say what differs, and book nothing.")
def explain(student: str, lab: str, root: Path, rerun: bool) -> None:
    """Explain the mark that STUDENT was given for LAB: from what it was made, and with what.

    With --rerun it is judged again, with the same seeds; exit status 3 if the mark would change.
    """
    from autograder.course import explain as explanation
    from autograder.course.folder import open_course
    from autograder.course.grade import How

    course = open_course(root)
    name = course.lab(lab).name
    if rerun:
        found = explanation.latest(course, name, student)
        how = How(unsafe=found["sandbox"] != "full", again=True)
        raise SystemExit(0 if _rehearse(course, [(name, student)], how) else NOT_WELL)
    for text in explanation.explain(course, name, student):
        click.echo(text)
