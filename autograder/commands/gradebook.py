"""`outgrow course report` and `outgrow course export`: what the gradebook and the verdicts say."""

from pathlib import Path

import click

from autograder.commands import NOT_WELL
from autograder.commands.options import FOLDER, course_option

FORMS = ("outgrow", "canvas", "moodle", "nbgrader")
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("lab")
@course_option
@click.option("--to", type=FOLDER, help="A folder; without it, reports/ in the course directory.")
def report(lab: str, root: Path, to: Path | None) -> None:
    """Write the item report on LAB: a page, and its numbers as CSV and Parquet.

    It shows the distribution of marks, and of each test how many passed it, how well it tells good
    work from weak, how long it took, and which misconceptions it caught.
    """
    from autograder.course.folder import open_course
    from autograder.course.report import write_report

    found = open_course(root)
    for path in write_report(found, found.lab(lab).name, to or found.root / "reports"):
        click.echo(path)


@click.command()
@click.argument("lab", nargs=-1)
@course_option
@click.option(
    "--format", "form", type=click.Choice(FORMS), default="outgrow", show_default=True,
    help="Whose table it is to be.",
)  # fmt: skip
@click.option(
    "--roster", type=FILE,
    help="A CSV file with a column `student` and the columns by which the other system knows them.",
)  # fmt: skip
@click.option("--to", type=FILE, help="A CSV file; without it, standard output.")
def export(
    lab: tuple[str, ...], root: Path, form: str, roster: Path | None, to: Path | None
) -> None:
    """Write the marks of each LAB as CSV; without a LAB, of all.

    A mark that is not there yet is blank. Students who are not in the roster are named and left
    out, and the exit status is 3.
    """
    from autograder.course.export import table, write
    from autograder.course.folder import open_course
    from autograder.course.roster import read_roster

    found = open_course(root)
    names = [found.lab(name).name for name in lab]
    made = table(found, form, read_roster(roster) if roster else None, names)
    write(made, to)
    if to:
        click.echo(f"{len(made.rows)} rows in {to}")
    if made.left_out:
        click.echo(f"not in the roster, left out: {', '.join(made.left_out)}", err=True)
        raise SystemExit(NOT_WELL)
