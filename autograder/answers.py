"""Answers: other right ones, and the wrong ones that a named test must catch.

A file holds a whole replacement of a task's cell. Its name begins with the task's; its docstring
says what it does, and for a wrong one in two last lines which test catches it and which hint it
earns:

    caught_by: test_toposort_puts_every_task_after_its_dependencies
    hint: Each task belongs
"""

import ast
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import OutgrowError
from autograder.lab import Lab


@dataclass(frozen=True)
class Answer:
    """One answer file: whose task it answers, whether it is right, and for a wrong one what
    catches it."""

    path: Path
    task: str
    right: bool
    source: str
    caught_by: str = ""
    hint: str = ""

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"


def read_answers(lab: Lab) -> list[Answer]:
    """Every answer of a lab, by task; raise OutgrowError for a file that belongs to none."""
    files = sorted((lab.folder / "answers").glob("*/*.py"))
    answers = [_read(lab, path) for path in files]
    return sorted(answers, key=lambda a: (lab.tasks.index(a.task), not a.right, a.path.name))


def _read(lab: Lab, path: Path) -> Answer:
    fits = [task for task in lab.tasks if path.stem.startswith(f"{task}_")]
    if not fits or path.parent.name not in ("right", "wrong"):
        remedy = (
            f"Call it right/TASK_how.py or wrong/TASK_what.py; the tasks: {', '.join(lab.tasks)}."
        )
        raise OutgrowError("the answer belongs to no task", path, remedy)
    source = path.read_text("utf-8")
    task, right = max(fits, key=len), path.parent.name == "right"
    docstring = _docstring(path, source)
    caught = {} if right else _caught(path, docstring)
    return Answer(path, task, right, source, **caught)


def _docstring(path: Path, source: str) -> str:
    try:
        return ast.get_docstring(ast.parse(source)) or ""
    except SyntaxError as error:
        raise OutgrowError(
            f"the answer is no Python: {error.msg}", path, f"Mend its line {error.lineno}."
        ) from None


def _caught(path: Path, docstring: str) -> dict[str, str]:
    pairs = [line.partition(":") for line in docstring.splitlines()]
    found = {key: value.strip() for key, _, value in pairs if key in ("caught_by", "hint")}
    if len(found) == 2 and all(found.values()):
        return found
    remedy = "End its docstring with a line `caught_by: test_…` and a line `hint: …`."
    raise OutgrowError("the answer does not say what catches it", path, remedy)
