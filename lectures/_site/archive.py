"""What Python in the page needs beside Pyodide: one zip, made from what is installed here.

Dask runs there without numpy, because it is pure Python; so do the packages that it imports. Ours
come along as far as they judge: the wire, the words of verdicts, and the visible tests and helpers
of the labs that a page lets its readers try. No answer is among them.
"""

import re
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from autograder.lab import Lab, read_lab
from autograder.modules import needed
from lectures._site.problem import PageProblem

ROOT = Path(__file__).parents[2]
TRY = re.compile(r"^\s*\{\{ *try (\w+) *\}\}\s*$", re.MULTILINE)
PACKAGES = (
    "dask",
    "toolz",
    "tlz",
    "cloudpickle",
    "fsspec",
    "partd",
    "locket",
    "click",
    "packaging",
    "yaml",
)
# What cannot run there (it wants numpy, pandas, a server or a disk), and nobody's own tests.
WITHOUT = re.compile(
    r"(^|/)tests/|^dask/(array|dataframe|diagnostics|widgets)/|^fsspec/implementations/"
    r"|^dask/conftest"
)
KEPT = re.compile(
    r"^fsspec/implementations/(__init__|local|memory)\.py$|^dask/widgets/__init__|^dask/diagnostics/(__init__|progress|profile)"
)
OURS = (
    *(f"autograder/{name}.py" for name in (
        "__init__", "channel", "errors", "plaintext", "service", "table", "testing", "wire",
    )),
    *(f"autograder/judge/{name}.py" for name in (
        "__init__", "basin", "faults", "seeds", "student", "verdict", "washing",
    )),
    "lectures/_site/__init__.py",
    *(f"lectures/_site/live/{name}.py" for name in ("__init__", "draws", "judge", "rewrite")),
)  # fmt: skip


def tried(root: Path = ROOT) -> dict[str, list[str]]:
    """The tasks that the lectures let their readers try, by lab (which is called as the page)."""
    pages = {page.stem: TRY.findall(page.read_text("utf-8")) for page in root.glob("lectures/*.md")}
    return {name: pages[name] for name in sorted(pages) if pages[name]}


@cache
def lab_of(name: str) -> Lab:
    """A lab by its folder's name."""
    return read_lab(ROOT / "labs" / name)


def members(root: Path = ROOT) -> dict[str, bytes]:
    """The files of the zip, by their names in it."""
    files = {name: (root / name).read_bytes() for name in OURS}
    files["pytest.py"] = (root / "lectures/_site/live/stand_in.py").read_bytes()
    for lab in map(lab_of, tried(root)):
        for path in (*lab.visible, *sorted(needed(lab.visible))):
            files[f"labs/{lab.name}/{path.name}"] = path.read_bytes()
    for package in PACKAGES:
        files |= dict(_package(package))
    return files


def _package(name: str) -> Iterator[tuple[str, bytes]]:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        remedy = "Install it: `uv sync`."
        raise PageProblem("the cells in the pages", f"the package {name} is missing.", remedy)
    folder = Path(spec.origin).parent
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.yaml")]):
        inside = path.relative_to(folder.parent).as_posix()
        if KEPT.match(inside) or not WITHOUT.search(inside):
            yield inside, path.read_bytes()


def write(target: Path, files: dict[str, bytes]) -> None:
    """Write the zip; the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED, 9)
