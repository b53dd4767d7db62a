"""`outgrow cluster`: a Dask or Spark cluster on this machine that stays up between commands."""

import shlex
from typing import TYPE_CHECKING, Literal

import click

from autograder.errors import readable

if TYPE_CHECKING:
    from infra.daemon import Running


@click.group()
def cluster() -> None:
    """Start, look at and stop a cluster on this machine."""


@cluster.command()
@click.option(
    "--engine",
    type=click.Choice(["dask", "spark"]),
    default="dask",
    show_default=True,
    help="Dask's scheduler and workers, or Spark's standalone master and workers.",
)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True)
@click.option(
    "--threads",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Threads of each worker.",
)
@click.option(
    "--memory",
    help="Memory of each worker, such as 1GiB; without it Dask has no limit, Spark 512 MiB.",
)
def up(engine: Literal["dask", "spark"], workers: int, threads: int, memory: str | None) -> None:
    """Start a cluster in the background and print how to reach it."""
    from dask.utils import parse_bytes

    from infra import ClusterSpec
    from infra.daemon import up as start

    with readable():
        size = parse_bytes(memory) if memory else None
        spec = ClusterSpec(
            engine=engine,
            backend="standalone" if engine == "spark" else "local",
            workers=workers,
            threads=threads,
            memory=size,
            processes=True,
            dashboard=engine == "dask",
        )
        running = start(spec)
    _say(running)
    click.echo("In the shell in which you start Python or JupyterLab:")
    for name, value in running.environment.items():
        click.echo(f"export {name}={shlex.quote(value)}")


def _say(running: "Running") -> None:
    click.echo(f"address    {running.address}\ndashboard  {running.dashboard}")


@cluster.command()
def status() -> None:
    """Say whether a cluster is running, and where. Exit status 3 if none is."""
    from autograder.commands import NOT_WELL
    from infra.daemon import status as look

    running = look()
    if running is None:
        click.echo("no cluster is running; `outgrow cluster up` starts one")
        raise SystemExit(NOT_WELL)
    _say(running)


@cluster.command()
def down() -> None:
    """Stop the cluster that `outgrow cluster up` started."""
    from infra.daemon import down as stop

    click.echo("stopped" if stop() else "no cluster was running")
