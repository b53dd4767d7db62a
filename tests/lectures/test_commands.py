"""The reference of the command line, and the commands that our pages tell readers to type."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lectures._site.blocks import fences
from lectures._site.commands import command, reference

PAGES = sorted((Path(__file__).parents[2] / "lectures").rglob("*.md"))


@click.group()
def kit() -> None:
    """A kit.

    \b
    first line
    second line
    """


@kit.command()
@click.argument("lab")
@click.option("--to", type=click.Choice(["a", "b"]), help="Where * <to>.")
@click.option("--secret", hidden=True)
def build(lab: str, to: str, secret: str) -> None:
    """Build LAB."""
    del lab, to, secret


@kit.command(hidden=True)
def internal() -> None:
    """Nobody's business."""


def test_the_reference_describes_commands_arguments_and_options():
    text = reference(kit)
    assert text.startswith("## `kit`\n\n```text\nkit [OPTIONS] COMMAND [ARGS]...\n```\n\nA kit.")
    assert "```text\nfirst line\nsecond line\n```" in text
    assert "### `kit build`\n\n```text\nkit build [OPTIONS] LAB\n```\n\nBuild LAB." in text
    assert r"| `--to [a¦b]` | Where \* &lt;to>. |" in text
    assert "secret" not in text
    assert "Nobody" not in text


def test_the_installed_command_is_described_with_all_its_groups():
    text = reference(command())
    for name in ("outgrow start", "outgrow course grade", "outgrow dev verify", "outgrow doctor"):
        assert re.search(rf"^#+ `{name}`$", text, re.MULTILINE)


def quoted() -> Iterator[tuple[str, str]]:
    """Each command line that a page shows, in a sentence or in a shell fence, with its page."""
    for page in PAGES:
        lines = page.read_text("utf-8").split("\n")
        shell = [f.source for f in fences(lines) if f.info == "sh"]
        inline = re.findall(r"(?<!`)`(outgrow [^`]+)`(?!`)", "\n".join(lines))
        for line in [*"\n".join(shell).split("\n"), *inline]:
            call = line.rpartition("uv run ")[2]
            if call.startswith("outgrow "):
                yield page.name, call


@pytest.mark.parametrize(("page", "line"), sorted(set(quoted())))
def test_a_command_that_a_page_quotes_is_one_that_exists(page: str, line: str):
    del page
    _, *words = shlex.split(line)
    found: click.Command = command()
    context = click.Context(found)
    while isinstance(found, click.Group) and words:
        below = found.get_command(context, words.pop(0))
        assert below is not None, f"no such command: {line}"
        found = below
    if words and "…" not in words:
        found.make_context(line, words)
