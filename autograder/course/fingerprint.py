"""Fingerprints: what a mark was made from, so that only what has changed is judged again.

A mark is made from what was handed in and from the exam: the lab's tests, the parts of the
reference that they ask, the released notebook and the files beside it. Budgets are not in it: they
are measured anew at each release, and a notebook that is right is right in any of them.
"""

import ast
import hashlib
import importlib.util
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from autograder.course.folder import Course
from autograder.handin import Unreadable, read_file
from autograder.lab import helpers, hidden_tests, visible_tests

REFERENCE = "solutions"


def fingerprint(course: Course, lab: str, student: str, sandbox: bool = True) -> str:
    """`SUBMISSION-EXAM`, two digests in hexadecimal."""
    return f"{of_submission(course, lab, student)}-{of_exam(course, lab, sandbox)}"


def of_submission(course: Course, lab: str, student: str) -> str:
    """The digest of what was handed in; of a file that cannot be read, the reason's."""
    path = course.notebook("submitted", lab, student)
    try:
        content = read_file(path.parents[2], *path.parts[-3:])
    except Unreadable as error:
        content = str(error).encode()
    return _digest([content])


def of_exam(course: Course, lab: str, sandbox: bool = True) -> str:
    """The digest of all that submissions of a released lab are judged by."""
    folder = course.labs / lab
    tests = (*visible_tests(folder), *hidden_tests(folder), *helpers(folder))
    files = (*tests, *_bundle(course.notebook("release", lab).parent))
    asked = reference(path for path in files if path.suffix == ".py")
    files += tuple(sorted(asked, key=lambda path: path.name))
    return _of_exam(files, tuple(path.stat().st_mtime_ns for path in files), sandbox)


@cache
def _of_exam(files: tuple[Path, ...], changed: tuple[int, ...], sandbox: bool) -> str:  # noqa: ARG001
    parts = (part for path in files for part in (path.name.encode(), _content(path)))
    return _digest([*parts, b"sandbox" if sandbox else b"no sandbox"])


def _bundle(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _content(path: Path) -> bytes:
    """A file's bytes; of a notebook, its cells without the identifiers that each build draws."""
    content = path.read_bytes()
    if path.suffix != ".ipynb":
        return content
    cells = json.loads(content)["cells"]
    return json.dumps([[c["cell_type"], c["source"], c["metadata"]] for c in cells]).encode()


def reference(scripts: Iterable[Path]) -> set[Path]:
    """The modules of the reference that scripts import, and those that these import."""
    found: set[Path] = set()
    waiting = list(scripts)
    while waiting:
        script = waiting.pop()
        new = _asked(script, script.stat().st_mtime_ns) - found
        found |= new
        waiting += new
    return found


@cache
def _asked(script: Path, changed: int) -> frozenset[Path]:  # noqa: ARG001
    """The modules of the reference that a script imports by itself."""
    nodes = ast.walk(ast.parse(script.read_text("utf-8")))
    names = {name for node in nodes for name in _named(node)}
    places = [_place(name) for name in names if name.partition(".")[0] == REFERENCE]
    return frozenset(place for place in places if place)


def _named(node: ast.AST) -> list[str]:
    """What an import may mean: modules, or names in them."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def _place(module: str) -> Path | None:
    """The file of a module of the reference, found without importing anything; None for the name
    of something in a module."""
    spec = importlib.util.find_spec(REFERENCE)
    below = module.split(".")[1:]
    for folder in (spec.submodule_search_locations or []) if spec and below else []:
        place = Path(folder, *below)
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path.is_file():
                return path
    return None


def _digest(parts: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()[:32]
