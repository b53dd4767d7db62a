"""`outgrow data`: the course's data, made here, the same on every machine."""

import click

from autograder.errors import readable


@click.group()
def data() -> None:
    """Make the course's datasets."""


@data.command()
@click.argument("table", type=click.Choice(["trips", "clicks", "text"]))
@click.argument("url")
@click.option("--rows", type=click.IntRange(0), default=1_000_000, show_default=True)
@click.option("--partitions", type=click.IntRange(1), default=8, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["parquet", "csv", "txt"]),
    help="Text is txt, the others parquet.",
)
def make(table: str, url: str, rows: int, partitions: int, seed: int, kind: str | None) -> None:
    """Make TABLE at URL: a folder, or any address that fsspec knows.

    The same rows, partitions and seed give the same content on every machine.
    """
    import infra

    kind = kind or ("txt" if table == "text" else "parquet")
    with readable():
        infra.make(table, url, rows=rows, partitions=partitions, seed=seed, format=kind)
    click.echo(f"{url}: {rows:,} rows of {table} in {partitions} partitions")
    click.echo(f"content {infra.content_hash(url)}")
