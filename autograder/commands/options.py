"""Options that several commands share."""

from pathlib import Path

import click

FOLDER = click.Path(file_okay=False, path_type=Path)
labs_option = click.option(
    "--labs", type=FOLDER, default=Path("labs"), show_default=True, envvar="OUTGROW_LABS",
    help="The folder that holds the labs.",
)  # fmt: skip
course_option = click.option(
    "--course", "root", type=FOLDER, default=Path("course"), show_default=True,
    envvar="OUTGROW_COURSE", help="The course directory.",
)  # fmt: skip
