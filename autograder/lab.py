"""A lab: one folder, one plain-text notebook, its tests and its answers.

`read_lab` turns `labs/NN_name/lab.py` (a jupytext percent script) into plain data. The first word
of a cell's title says what it is:

    given             code for everybody; an import from `solutions` is pasted as source
    task              `from solutions.module import name`: the student writes this one
    check NAME        runs the visible tests of task NAME
    answer NAME       a manually graded answer, `points=N`
    hints NAME        (markdown) the ladder of hints of task NAME: concept, API, skeleton

Beside it lie modules, and a module's name says whose it is:

    test_lab.py, test_lab_*.py          visible tests: the student has them
    test_hidden.py, test_hidden_*.py    hidden tests: nobody but the grader has them
    any other                           a helper of the tests; the student has it
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from autograder.errors import OutgrowError

Kind = Literal["markdown", "given", "task", "check", "answer", "hints"]
NAME = re.compile(r"\d\d_[a-z][a-z0-9_]*")
HEADER = ("title", "minutes", "prerequisites", "needs")
STEPS = 3
SIDES = re.compile(r"test_(lab|hidden)(_[a-z0-9_]+)?")


def visible_tests(folder: Path) -> tuple[Path, ...]:
    """The files of visible tests in a folder, in order of their names."""
    return tuple(p for p in _modules(folder) if _side(p) == "lab")


def hidden_tests(folder: Path) -> tuple[Path, ...]:
    """The files of hidden tests in a folder, in order of their names."""
    return tuple(p for p in _modules(folder) if is_hidden(p))


def helpers(folder: Path) -> tuple[Path, ...]:
    """The modules in a folder that its tests may import: those that are neither lab nor test."""
    lab = folder / "lab.py"
    return tuple(p for p in _modules(folder) if p != lab and not p.name.startswith("test_"))


def is_hidden(test: Path) -> bool:
    """Whether a file holds hidden tests."""
    return _side(test) == "hidden"


def _side(path: Path) -> str:
    found = SIDES.fullmatch(path.stem)
    return found[1] if found else ""


def _modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if path.is_file())


@dataclass(frozen=True)
class Cell:
    """One cell of `lab.py`: what it is, whose it is (`name`), its text, and its points (answers
    only)."""

    kind: Kind
    source: str
    name: str = ""
    points: float = 0.0
    module: str = ""


@dataclass(frozen=True)
class Lab:
    """A lab as its folder says it: header, cells in order, and where the folder is."""

    folder: Path
    title: str
    minutes: int
    prerequisites: tuple[str, ...]
    needs: dict[str, Any]
    cells: tuple[Cell, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def visible(self) -> tuple[Path, ...]:
        return visible_tests(self.folder)

    @property
    def hidden(self) -> tuple[Path, ...]:
        return hidden_tests(self.folder)

    @property
    def helpers(self) -> tuple[Path, ...]:
        return helpers(self.folder)

    @property
    def tests(self) -> tuple[Path, ...]:
        """The visible tests, then the hidden ones; raises OutgrowError without one of each."""
        if self.visible and self.hidden:
            return self.visible + self.hidden
        fact = f"there are no {'hidden' if self.visible else 'visible'} tests"
        remedy = "A lab has a test_lab.py and a test_hidden.py, or several with longer names."
        raise OutgrowError(fact, self.folder, remedy)

    def named(self, kind: Kind) -> list[str]:
        return [cell.name for cell in self.cells if cell.kind == kind]

    @property
    def tasks(self) -> list[str]:
        return self.named("task")

    def hints(self, task: str) -> list[str]:
        """The steps of a task's ladder, from the concept to the skeleton."""
        text = next((c.source for c in self.cells if c.kind == "hints" and c.name == task), "")
        return [step.strip() for step in re.split(r"(?m)^\d+\.\s", text) if step.strip()]


def find_labs(folder: Path) -> list[Path]:
    """The lab folders in `folder`, in the order of their numbers."""
    found = [p for p in folder.glob("*") if NAME.fullmatch(p.name) and (p / "lab.py").is_file()]
    return sorted(found, key=lambda p: p.name)


def read_lab(folder: Path) -> Lab:
    """Read and check `folder/lab.py`; raise OutgrowError with the place and the remedy."""
    import jupytext

    source = folder / "lab.py"
    if not source.is_file():
        raise OutgrowError("there is no lab here", folder, "A lab is a folder with a lab.py in it.")
    first, *rest = jupytext.reads(source.read_text("utf-8"), fmt="py:percent").cells
    header = _header(source, first.source if first.cell_type == "raw" else "")
    lab = Lab(folder, **header, cells=tuple(_cell(source, cell) for cell in rest))
    _check_names(source, lab)
    return lab


def _header(source: Path, text: str) -> dict[str, Any]:
    import yaml

    header = yaml.safe_load(text.strip().strip("-")) or {}
    if set(header) != set(HEADER):
        wrong = ", ".join(sorted(set(header) ^ set(HEADER)))
        remedy = (
            f"The header has exactly {', '.join(HEADER)}; see the lab format in CONTRIBUTING.md."
        )
        raise OutgrowError(f"the header misses or does not know: {wrong}", source, remedy)
    return {**header, "prerequisites": tuple(header["prerequisites"])}


def _cell(source: Path, cell: Any) -> Cell:
    kind, _, name = cell.metadata.get("title", "").partition(" ")
    text = cell.source.strip("\n")
    if cell.cell_type == "markdown":
        return Cell("hints", text, name) if kind == "hints" else Cell("markdown", text)
    if kind == "task":
        return _task(source, text)
    if kind == "answer":
        prose = re.sub(r"(?m)^# ?", "", text)
        return Cell("answer", prose, name, float(cell.metadata.get("points", 0)))
    if kind in ("given", "check"):
        return Cell(kind, text, name)
    remedy = "Mark each code cell `# %% given`, `task`, `check NAME` or `answer NAME points=N`."
    raise OutgrowError(f"a cell is marked {kind!r}: {text[:40]!r}", source, remedy)


def _task(source: Path, text: str) -> Cell:
    body = ast.parse(text).body
    only = body[0] if len(body) == 1 else None
    if isinstance(only, ast.ImportFrom) and only.module and len(only.names) == 1:
        return Cell("task", text, only.names[0].name, module=only.module)
    remedy = "Write `from solutions.module import name`, with nothing else in the cell."
    raise OutgrowError(f"a task cell is not one import of one name: {text[:60]!r}", source, remedy)


def _check_names(source: Path, lab: Lab) -> None:
    names = [*lab.tasks, *lab.named("answer")]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise OutgrowError(f"{', '.join(twice)} occurs twice", source, "Give each its own name.")
    for kind in ("check", "hints"):
        if lab.named(kind) != lab.tasks:
            fact = f"the `{kind}` cells are {lab.named(kind)}, the tasks {lab.tasks}"
            remedy = f"Each task has one `{kind} NAME` cell after it, in the same order."
            raise OutgrowError(fact, source, remedy)
    for name in lab.tasks:
        if len(lab.hints(name)) != STEPS:
            remedy = f"A ladder has {STEPS} numbered steps: concept, API, skeleton."
            raise OutgrowError(f"task `{name}` has {len(lab.hints(name))} hints", source, remedy)
