"""`outgrow demo`: the whole main job on a sample class, to be seen in about a minute."""

from pathlib import Path

import click

from autograder.commands import NOT_WELL
from autograder.commands.options import FOLDER, labs_option


@click.command()
@click.option("--course", "root", type=FOLDER, default=Path("course/demo"), show_default=True,
              help="A new folder for the course.")  # fmt: skip
@labs_option
def demo(root: Path, labs: Path) -> None:
    """Build and release the sample labs, provision a cluster, grade a sample class, show the marks.

    Run it again and the course starts anew.
    """
    from autograder.demo import run_demo

    raise SystemExit(0 if run_demo(root, labs) else NOT_WELL)
