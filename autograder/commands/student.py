"""The student's commands: see the labs, start one, check it, reset it, take a hint."""

from pathlib import Path

import click

from autograder.commands import NOT_WELL
from autograder.commands.options import FOLDER, labs_option

work_option = click.option(
    "--work", type=FOLDER, default=Path("work"), show_default=True, envvar="OUTGROW_WORK",
    help="The folder for your own copies.",
)  # fmt: skip


@click.command()
@labs_option
def labs(labs: Path) -> None:
    """List the labs, with minutes and prerequisites."""
    from autograder.errors import OutgrowError
    from autograder.lab import find_labs, read_lab

    found = [read_lab(path) for path in find_labs(labs)]
    if not found:
        raise OutgrowError(
            "there are no labs here", labs.resolve(), "Name their folder with --labs."
        )
    for lab in found:
        before = f", after {', '.join(lab.prerequisites)}" if lab.prerequisites else ""
        click.echo(f"{lab.name:24} {lab.title} ({lab.minutes} min{before})")


@click.command()
@click.argument("lab")
@click.option("--no-browser", is_flag=True, help="Print the URL and open nothing.")
@labs_option
@work_option
def start(lab: str, labs: Path, work: Path, no_browser: bool) -> None:
    """Make your copy of LAB, start what it needs, and open it in JupyterLab.

    What you have written already stays. Ctrl-C ends JupyterLab and what was started with it.
    """
    from autograder.desk import desk, open_lab

    raise SystemExit(open_lab(desk(labs, work, lab, say=click.echo), not no_browser, click.echo))


@click.command()
@click.argument("lab")
@labs_option
@work_option
def check(lab: str, labs: Path, work: Path) -> None:
    """Run the visible tests of all tasks on your copy of LAB. Exit status 3 if one does not
    pass."""
    from autograder import table
    from autograder.desk import check_all, existing

    found = existing(labs, work, lab)
    report = check_all(found)
    for task in found.tasks:
        click.echo(table.text(task, report.of(task)))
    raise SystemExit(NOT_WELL if report.earned < report.points else 0)


@click.command()
@click.argument("lab")
@click.option("--yes", is_flag=True, help="Do not ask.")
@labs_option
@work_option
def reset(lab: str, labs: Path, work: Path, yes: bool) -> None:
    """Put your copy of LAB back to how it was released; the old one is kept beside it."""
    from autograder.desk import existing
    from autograder.desk import reset as put_back

    found = existing(labs, work, lab)
    if not yes:
        click.confirm(f"Put {found.notebook} back to how it was released?", abort=True)
    click.echo(f"Your version is kept in {put_back(found)}")


@click.command()
@click.argument("lab")
@click.argument("task")
@labs_option
@work_option
def hint(lab: str, task: str, labs: Path, work: Path) -> None:
    """Show the next hint on TASK of LAB: the idea first, then the tools, then a skeleton."""
    from autograder.desk import desk_folder
    from autograder.hints import next_hint

    step = next_hint(desk_folder(labs, work, lab), task)
    click.echo(f"{task}, hint {step.number} of {step.of}: {step.text}")
