"""The attacks, kept as text: what a submission does, and what it deserves.

    One line that says what it does.

    lab: 02_engine                         01_arena if not said
    deserved: double failed, total passed 1    a task not named deserves all; `all` names each
    says: ended the Python process         a piece of a line of the report
    neighbour: yes                         honest work, which stands beside the others
    by: hand                               put into `submitted/` as it is, not through `collect`
    note: …
    ---
    # %% double                            the answer of a task
    # %% own                               a cell of the student's own, above the next answer, or
                                           below the check of the last one (with none: above all)
    # %% recipe                            Python of ours, run outside: `hand_in(folder, notebook)`

Of a task: `passed`, `failed`, … or several with `|`, then the points if they are not all or none
(`*` if any will do: what a submission does to itself).
`{mark}` stands for a word that only this submission uses; `{canaries}` for Python's list of files
to be read; `{forger}` for the text of `arena/forger.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.notebook import grade_id

FOLDER = Path(__file__).parent
FORGER = (FOLDER / "arena" / "forger.py").read_text("utf-8")
CLASSES = (
    "deceiving", "reading", "hanging", "using", "escaping", "notebook", "engines", "staff",
    "unfair",
)  # fmt: skip
HEADS = ("lab", "deserved", "says", "neighbour", "by", "note")
TASKS = {"01_arena": ("double", "total", "poem", "countdown"), "02_engine": ("squares",)}
POINTS = 2.0  # of each task: one of the visible test, one of the hidden test


@dataclass(frozen=True)
class Deserved:
    """What a task must get: one of these worst outcomes, and these points."""

    outcomes: tuple[str, ...]
    points: (
        float | None
    )  # None: as many as they may be, for damage that a submission does to itself


@dataclass(frozen=True)
class Attack:
    """A submission of the corpus. `cells` are its cells in order, each with what it is."""

    name: str
    about: str
    head: Mapping[str, str]
    cells: tuple[tuple[str, str], ...]

    @property
    def lab(self) -> str:
        return self.head.get("lab", "01_arena")

    @property
    def student(self) -> str:
        return self.name.replace("/", "-")

    @property
    def mark(self) -> str:
        return f"outgrow-attack-{self.student}"

    @property
    def recipe(self) -> str:
        return next((text for kind, text in self.cells if kind == "recipe"), "")

    @property
    def deserved(self) -> dict[str, Deserved]:
        found = dict.fromkeys(TASKS[self.lab], Deserved(("passed",), POINTS))
        for part in filter(None, map(str.strip, self.head.get("deserved", "").split(","))):
            task, outcomes, *points = part.split()
            full = POINTS if outcomes == "passed" else 0.0
            worth = full if not points else None if points[0] == "*" else float(points[0])
            deserved = Deserved(tuple(outcomes.split("|")), worth)
            found |= dict.fromkeys(found if task == "all" else [task], deserved)
        return found


def read_corpus() -> list[Attack]:
    """All attacks, by class and name."""
    paths = [path for name in CLASSES for path in sorted((FOLDER / name).glob("*.txt"))]
    return [_read(path) for path in paths]


def _read(path: Path) -> Attack:
    head, _, body = path.read_text("utf-8").partition("\n---\n")
    about, _, rest = head.partition("\n")
    pairs = [line.partition(": ") for line in rest.splitlines() if line.strip()]
    said = {key: value.strip() for key, _, value in pairs}
    if unknown := set(said) - set(HEADS):
        raise ValueError(f"{path}: {', '.join(sorted(unknown))} is no word of a head")
    return Attack(f"{path.parent.name}/{path.stem}", about, said, tuple(_cells(body)))


def _cells(body: str) -> Iterator[tuple[str, str]]:
    for part in body.split("# %% ")[1:]:
        kind, _, text = part.partition("\n")
        yield kind.strip(), text.strip("\n")


def answered(attack: Attack, solution: NotebookNode, canaries: list[str]) -> NotebookNode:
    """The solution notebook, with the attack's cells in it."""
    above: list[NotebookNode] = []
    for kind, text in (cell for cell in attack.cells if cell[0] != "recipe"):
        source = _filled(text, attack.mark, canaries)
        if kind == "own":
            above.append(new_code_cell(source))
            continue
        place = _places(solution)[kind]
        solution.cells[place].source = source
        solution.cells[place:place] = above
        above.clear()
    answers = [kind for kind, _ in attack.cells if kind not in ("own", "recipe")]
    after = TASKS[attack.lab].index(answers[-1]) + 1 if answers else 0
    ends = [*(_places(solution)[task] for task in TASKS[attack.lab]), len(solution.cells)]
    solution.cells[ends[after] : ends[after]] = above
    return solution


def _places(notebook: NotebookNode) -> dict[str, int]:
    """Where each task's answer stands."""
    names = (grade_id(cell) for cell in notebook.cells)
    return {name.removeprefix("task-"): i for i, name in enumerate(names) if "task-" in name}


def _filled(text: str, mark: str, canaries: list[str]) -> str:
    words = {"{mark}": mark, "{canaries}": repr(canaries), "{forger}": FORGER}
    for word, stands_for in words.items():
        text = text.replace(word, stands_for)
    return text


def hand_in(attack: Attack, solution: Path, folder: Path, canaries: list[str]) -> None:
    """Put the submission into `folder`, as the student would."""
    folder.mkdir(parents=True)
    notebook = answered(attack, nbformat.read(solution, as_version=4), canaries)
    text = nbformat.writes(notebook).encode()
    if not attack.recipe:
        (folder / f"{attack.lab}.ipynb").write_bytes(text)
        return
    names = {"LAB": attack.lab, "CANARIES": canaries}
    exec(compile(attack.recipe, attack.name, "exec"), names)
    names["hand_in"](folder, text)
