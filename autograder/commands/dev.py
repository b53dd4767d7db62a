"""`outgrow dev`: for those who write labs."""

from pathlib import Path

import click

from autograder.commands import NOT_WELL
from autograder.commands.options import FOLDER, labs_option


@click.group()
def dev() -> None:
    """Write a lab: make its folder, look at its notebooks, prove its grader."""


@dev.command()
@click.argument("lab")
@labs_option
def new(lab: str, labs: Path) -> None:
    """Make the folder of a new lab, LAB (say 16_windows), that verifies as it is."""
    from autograder.scaffold import make_lab

    folder = make_lab(labs, lab)
    click.echo(f"{folder} is there. Edit lab.py and the tests, then: outgrow dev verify {lab}")


@dev.command()
@click.argument("lab")
@labs_option
@click.option(
    "--to",
    type=FOLDER,
    default=Path("course/preview"),
    show_default=True,
    help="Folder for the notebooks.",
)
def build(lab: str, labs: Path, to: Path) -> None:
    """Write LAB's two notebooks, the instructor's with answers and the student's, to look at."""
    from autograder.course.folder import find_lab
    from autograder.preview import preview

    for path in preview(find_lab(labs, lab), to):
        click.echo(path)


@dev.command()
@click.argument("lab", nargs=-1)
@labs_option
def verify(lab: tuple[str, ...], labs: Path) -> None:
    """Prove LAB's grader (all labs without a name).

    The reference must earn all points, the untouched notebook none; every right answer in
    answers/right earns its task's points, every wrong one is caught by the test it names, with the
    hint it names.
    """
    from autograder.course.folder import find_lab
    from autograder.lab import find_labs
    from autograder.verify import verify as findings

    names = lab or tuple(path.name for path in find_labs(labs))
    faults = 0
    for name in names:
        found = find_lab(labs, name)
        click.secho(found.name, bold=True)
        for finding in findings(found):
            faults += not finding.ok
            click.echo(
                f"  ✔ {finding.name}" if finding.ok else f"  ✘ {finding.name}: {finding.fault}"
            )
    click.echo(f"{faults} faults" if faults else "all is well")
    raise SystemExit(NOT_WELL if faults else 0)
