"""The `outgrow` command: one module for each group of commands, imported only when it is asked for.

Exit status: 0 done · 1 something to mend, said in one line · 2 the command line itself · 3 done,
and not all is well (a check failed, a lab is not whole, a submission could not be judged) · 130
stopped by Ctrl-C.
"""

import importlib
import sys
from typing import Any

import click

FAULT, NOT_WELL, STOPPED = 1, 3, 130

COMMANDS = {
    "labs": "student:labs",
    "start": "student:start",
    "check": "student:check",
    "reset": "student:reset",
    "hint": "student:hint",
    "course": "course:course",
    "cluster": "cluster:cluster",
    "data": "data:data",
    "dev": "dev:dev",
    "doctor": "doctor:doctor",
    "demo": "demo:demo",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        return getattr(importlib.import_module(f"autograder.commands.{module}"), name)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="outgrow")
@click.pass_context
def outgrow(ctx: click.Context, debug: bool) -> None:
    """A course kit with auto-graded labs for data that outgrow one machine.

    Students: labs, start, check, hint, reset. Instructors: course, doctor, demo. Authors: dev.
    Everybody: cluster, data.
    """
    ctx.obj = debug


def main(arguments: list[str] | None = None) -> Any:
    """Run the command; errors become one line on stderr and an exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if "--debug" in arguments:
        sys.exit(outgrow(arguments, standalone_mode=False))
    try:
        sys.exit(outgrow(arguments, standalone_mode=False))
    except click.exceptions.Abort as stopped:  # click's word for Ctrl-C
        _stop(str(stopped.__cause__ or "") or "stopped", STOPPED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _stop("stopped", STOPPED)
    except Exception as error:
        _stop(_words(error), FAULT)


def _words(error: Exception) -> str:
    from autograder.errors import OutgrowError

    if isinstance(error, OutgrowError):
        return str(error)
    kind = type(error).__name__
    return f"this should not have happened: {kind}: {error}. `outgrow --debug …` shows where."


def _stop(text: str, status: int) -> None:
    click.echo(f"outgrow: {text}", err=True)
    sys.exit(status)
