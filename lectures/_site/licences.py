"""The licences of what the cells in the pages are made of, as one text that lies beside it."""

import json
from collections.abc import Iterator
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

from lectures._site.archive import PACKAGES

TOOLS = ("esbuild", "@esbuild", "@types", "ws")  # they build, and are not in what is built
PYODIDE = (
    "Mozilla Public License 2.0. It contains CPython, under the Python Software Foundation's "
    "licence, and Emscripten's libraries, under the MIT licence."
)


def collected(modules: Path) -> str:
    """The texts for the npm packages in a `node_modules` folder and for the Python packages."""
    parts = [*_npm(modules), *_python()]
    return "\n\n".join(f"{title}\n{'-' * len(title)}\n{text.strip()}" for title, text in parts)


def _npm(modules: Path) -> Iterator[tuple[str, str]]:
    for path in sorted([*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")]):
        name = path.parent.relative_to(modules).as_posix()
        if name.partition("/")[0] in TOOLS:
            continue
        title = f"{name} {json.loads(path.read_text('utf-8'))['version']} (npm)"
        text = PYODIDE if name == "pyodide" else (path.parent / "LICENSE").read_text("utf-8")
        yield title, text


def _python() -> Iterator[tuple[str, str]]:
    known = packages_distributions()
    for name in sorted({known[package][0] for package in PACKAGES}):
        found = distribution(name)
        files = [file for file in found.files or [] if file.name.startswith("LICENSE")]
        texts = [file.read_text("utf-8") for file in files]
        yield f"{name} {found.version} (Python)", "\n\n".join(texts)
