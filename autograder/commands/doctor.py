"""`outgrow doctor`: what is here, what is missing, and how to get it."""

import click

from autograder.commands import NOT_WELL


@click.command()
def doctor() -> None:
    """Say what is installed, what is missing, and how to get it. Exit status 3 if a needed part
    is missing."""
    from autograder.doctor import examine

    worst = 0
    for part in examine():
        mark = "✔" if part.found else ("✘" if part.needed else "–")
        worst |= part.needed and not part.found
        click.echo(f"{mark} {part.name:14} {part.found or part.remedy}")
    raise SystemExit(NOT_WELL if worst else 0)
