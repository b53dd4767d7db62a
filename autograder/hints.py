"""Hints: one step of a task's ladder at a time, remembered in the student's copy."""

import json
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import OutgrowError


@dataclass(frozen=True)
class Step:
    """Hint `number` of `of`; the last one stays the last."""

    number: int
    of: int
    text: str


def next_hint(folder: Path, task: str) -> Step:
    """The next hint on a task for the copy in `folder`; it counts as taken."""
    ladder = _ladder(folder, task)
    file = folder / ".outgrow" / "hints.json"
    taken = json.loads(file.read_text("utf-8")) if file.exists() else {}
    number = min(taken.get(task, 0) + 1, len(ladder))
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({**taken, task: number}), "utf-8")
    return Step(number, len(ladder), ladder[number - 1])


def _ladder(folder: Path, task: str) -> list[str]:
    notebook = next((p for p in [folder / f"{folder.name}.ipynb"] if p.exists()), None)
    if notebook is None:
        raise OutgrowError(
            "you have no copy of this lab", folder, f"Run `outgrow start {folder.name}`."
        )
    released = folder / ".outgrow" / "released.ipynb"
    source = released if released.exists() else notebook
    hints = json.loads(source.read_text("utf-8"))["metadata"]["outgrow"]["hints"]
    if task not in hints:
        remedy = f"The tasks here: {', '.join(hints)}."
        raise OutgrowError(f"there is no task `{task}`", folder.name, remedy)
    return hints[task]
