"""The modules of a lab's folder: what they import, and the names that they cannot have."""

import ast
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from autograder.lab import Lab, helpers

OTHERS = {"lab.py", "answers", "data", "__pycache__"}


def stray(lab: Lab) -> list[str]:
    """What lies in the folder and belongs to nobody: among others, helpers that no test needs."""
    known = {*lab.tests, *needed(lab.tests)}
    return sorted(p.name for p in lab.folder.iterdir() if p.name not in OTHERS and p not in known)


def needed(tests: Sequence[Path]) -> set[Path]:
    """The helpers that tests import, and those that these import."""
    by_name = {path.stem: path for path in helpers(tests[0].parent)}
    found: set[Path] = set()
    ahead = [*tests]
    while ahead:
        uses = {by_name[name] for name in imported(ahead.pop()) & set(by_name)} - found
        found |= uses
        ahead += uses
    return found


def taken(lab: Lab) -> list[str]:
    """The helpers that are called as the lab itself or as a module that is installed here."""
    return [path.name for path in lab.helpers if _exists(path)]


def imported(path: Path) -> frozenset[str]:
    """The first names of all modules that a module imports, anywhere in it; none of one that is no
    Python."""
    return _imported(path, path.stat().st_mtime_ns)


@cache
def _imported(path: Path, changed: int) -> frozenset[str]:  # noqa: ARG001
    with suppress(SyntaxError, ValueError):
        return frozenset(name.partition(".")[0] for name in _imports(path))
    return frozenset()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _exists(path: Path) -> bool:
    """Whether a module of this name is elsewhere: a folder without code is none."""
    if path.stem in sys.stdlib_module_names:
        return True
    spec = find_spec(path.stem)
    return bool(spec and spec.origin and Path(spec.origin) != path.resolve())
