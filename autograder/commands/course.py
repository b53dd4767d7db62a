"""`outgrow course`: for those who teach. A course is a directory in nbgrader's layout."""

from pathlib import Path

import click

from autograder.commands import NOT_WELL
from autograder.commands.gradebook import export, report
from autograder.commands.grading import explain, grade
from autograder.commands.options import FOLDER, course_option, labs_option


@click.group()
def course() -> None:
    """Run a course: release labs, collect submissions, grade them, give feedback."""


@course.command()
@course_option
@labs_option
@click.option("--title", default="Data that outgrow one machine", show_default=True)
def init(root: Path, labs: Path, title: str) -> None:
    """Make a course directory. One that exists stays as it is."""
    from autograder.course.folder import init_course

    made = init_course(root, labs, title)
    click.echo(f"The course is in {made.root}. Next: outgrow course release LAB")


@course.command()
@click.argument("lab", nargs=-1, required=True)
@course_option
def release(lab: tuple[str, ...], root: Path) -> None:
    """Build LAB's notebooks and the students' bundle, after the reference has earned all points.

    Run it again after a change of the lab; marks in the gradebook stay.
    """
    from autograder.course.folder import open_course
    from autograder.course.release import release as make

    found = open_course(root)
    for name in lab:
        one = found.lab(name)
        report = make(found, one, lambda text, name=one.name: click.echo(f"{name}: {text}"))
        click.echo(f"{one.name}: released, {report.points:g} points")
        click.echo(f"{one.name}: the students' bundle is bundles/{one.name}.zip")


@course.command()
@click.argument("lab")
@click.argument("inbox", type=FOLDER)
@course_option
@click.option(
    "--times", type=click.Path(dir_okay=False, path_type=Path),
    help="A CSV file of when they handed in: `student` and `time`. Else the files' dates tell.",
)  # fmt: skip
def collect(lab: str, inbox: Path, root: Path, times: Path | None) -> None:
    """Take in LAB's submissions from the folder INBOX.

    INBOX holds a folder STUDENT/, a zip STUDENT.zip or a notebook STUDENT.ipynb for each student.
    Earlier submissions are kept in .outgrow/earlier.
    """
    from autograder.course.collect import collect as take
    from autograder.course.folder import open_course
    from autograder.course.times import read_times

    found = open_course(root)
    name = found.lab(lab).name
    known = read_times(found, times) if times else {}
    refused = 0
    for one in take(found, name, inbox, known):
        refused += one.result == "refused"
        click.echo(f"  {one.result:8} {one.student}: {one.line}")
    raise SystemExit(NOT_WELL if refused else 0)


@course.command()
@click.argument("lab")
@click.argument("student", nargs=-1)
@course_option
def feedback(lab: str, student: tuple[str, ...], root: Path) -> None:
    """Write a page of feedback on LAB for each graded submission (or those of the STUDENTs
    named)."""
    from autograder.course.folder import open_course
    from autograder.course.frame import write_feedback

    found = open_course(root)
    for page in write_feedback(found, found.lab(lab).name, student):
        click.echo(page)


course.add_command(grade)
course.add_command(explain)
course.add_command(report)
course.add_command(export)
