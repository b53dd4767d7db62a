"""`check("toposort")`: a lab's visible tests, run in the student's own notebook.

The same pytest session as in grading, over the same wire, but with the notebook itself at the other
end. The result is a table in a notebook and text elsewhere; its plain-text form is the score.
"""

import builtins
import json
import sys
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from autograder import service, table
from autograder.errors import OutgrowError
from autograder.judge.seeds import PUBLIC, seeds
from autograder.judge.session import judge
from autograder.judge.verdict import Verdict, score
from autograder.lab import visible_tests


class Local:
    """The stage of a notebook that checks itself: it is always ready."""

    sandbox = False

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace

    def begin(self, task: str, test: str, hidden: bool) -> None: ...

    def patience(self) -> float:
        return inf

    def finish(self) -> None: ...

    def trouble(self, task: str) -> str:  # noqa: ARG002
        return ""

    def bucket(self) -> Any:
        """The notebook's own, which `infra.connect_bucket()` gives it too."""
        from infra import connect_bucket

        return connect_bucket()

    def ask(self, request: bytes, what: str) -> bytes:  # noqa: ARG002
        return service.answer(request, self.namespace)


@dataclass(frozen=True)
class Checked:
    """The result of a check: a table where HTML is shown, the score where text is read."""

    task: str
    verdicts: tuple[Verdict, ...]

    @property
    def score(self) -> float:
        return score(self.verdicts)

    def __repr__(self) -> str:
        return str(self.score)

    def __str__(self) -> str:
        return table.text(self.task, self.verdicts)

    def _repr_html_(self) -> str:
        return table.html(self.task, self.verdicts)


def check(task: str, *, seed: str = PUBLIC) -> Checked:
    """Run the visible tests of `task` on this notebook; the same `seed` draws the same data.

    Raises OutgrowError if the task has no tests here or there are none beside the notebook.
    """
    namespace = sys._getframe(1).f_globals
    tests = _tests(namespace)
    folder = tests[0].parent
    verdicts = judge(tests, _tasks(folder, task), Local(namespace), seeds(seed, task), only=task)
    if not verdicts:
        raise OutgrowError(f"there are no tests for `{task}`", folder, "Is its name spelled so?")
    checked = Checked(task, verdicts)
    if not hasattr(builtins, "__IPYTHON__"):
        print(checked)
    return checked


def _tests(namespace: dict[str, Any]) -> tuple[Path, ...]:
    """The visible tests beside the notebook: in the working folder, or beside the script that
    asks."""
    folders = [Path.cwd()]
    if "__file__" in namespace:
        folders.insert(0, Path(namespace["__file__"]).resolve().parent)
    for folder in folders:
        if found := visible_tests(folder):
            return found
    remedy = "Open the notebook in the folder that it came in, or run `outgrow start` again."
    raise OutgrowError("there are no tests beside this notebook", folders[0], remedy)


def _tasks(folder: Path, task: str) -> list[str]:
    """The names of the lab's tasks, so that a test goes to the one with the longest name that
    fits."""
    for notebook in sorted(folder.glob("*.ipynb")):
        try:
            metadata = json.loads(notebook.read_text("utf-8"))["metadata"]
            return [*metadata["outgrow"]["hints"]]
        except (ValueError, KeyError, TypeError, OSError):
            continue
    if (folder / "lab.py").is_file():
        from autograder.lab import read_lab

        return read_lab(folder).tasks
    return [task]
