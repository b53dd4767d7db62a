"""The reference of the `outgrow` command, as Markdown, read from its click command tree."""

import inspect
from importlib import import_module
from importlib.metadata import entry_points

import click


def command() -> click.Command:
    """The command tree, found beside the function that the installed `outgrow` calls."""
    (entry,) = entry_points(group="console_scripts", name="outgrow")
    return import_module(entry.module).outgrow


def reference(root: click.Command) -> str:
    """Describe every command below `root` that is not hidden, with its arguments and options."""
    return "\n\n".join(_describe(root, root.name or "", 2))


def _describe(command: click.Command, name: str, level: int) -> list[str]:
    context = click.Context(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    parts = [f"{'#' * min(level, 4)} `{name}`", f"```text\n{usage}\n```", _text(command.help or "")]
    options = [line for param in command.params if (line := _option(param, context))]
    if options:
        parts.append("\n".join(["| Option | What it does |", "|---|---|", *options]))
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            child = command.get_command(context, sub)
            if child is not None and not child.hidden:
                parts += _describe(child, f"{name} {sub}", level + 1)
    return parts


def _text(help_text: str) -> str:
    """A docstring as Markdown: `\\b` begins a paragraph that keeps its lines."""
    paragraphs = inspect.cleandoc(help_text.split("\f")[0]).split("\n\n")
    return "\n\n".join(_paragraph(paragraph) for paragraph in paragraphs)


def _paragraph(paragraph: str) -> str:
    if paragraph.startswith("\b"):
        return f"```text\n{paragraph.removeprefix(chr(8)).strip()}\n```"
    return _escape(paragraph)


def _option(param: click.Parameter, context: click.Context) -> str | None:
    record = param.get_help_record(context)
    if record is None or getattr(param, "hidden", False):
        return None
    names, explanation = record
    if isinstance(param, click.Argument) and not explanation:
        return None
    # In a table even a quoted bar would end the cell.
    return f"| `{names.replace('|', '¦')}` | {_escape(explanation).replace('|', '&#124;')} |"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("*", r"\*").replace("_", r"\_")
