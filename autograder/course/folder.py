"""The course directory: where things lie, and the little that is configured.

course.toml          what the instructor may edit: id, title, where the labs are; the gradebook, due
                     dates and what lateness costs (`settings` says how)
nbgrader_config.py   three lines, so that nbgrader's own commands and formgrader work here
gradebook.db         nbgrader's gradebook, unless the course file names another
source/ release/ solution/ submitted/ autograded/ feedback/      nbgrader's folders
bundles/             a zip of each released lab, for students
.outgrow/            the course's secret and each lab's budgets, for the grader alone
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.course.database import url_of
from autograder.course.late import Policy
from autograder.course.settings import Dates, read_settings
from autograder.errors import OutgrowError
from autograder.judge.budget import Budget
from autograder.lab import Lab, find_labs, read_lab

STUDENT = re.compile(r"[\w.@-]{1,100}", re.ASCII)
CONFIG = '''"""Lets nbgrader's own commands and formgrader grade through Outgrow's judge."""

from autograder.course.config import configure

configure(get_config(), __file__)  # noqa: F821
'''


@dataclass(frozen=True)
class Course:
    """A course: its directory, its name, the folder that holds its labs, and what else its file
    says. Dates have a zone."""

    root: Path
    id: str
    title: str
    labs: Path
    database: str = field(default="", repr=False)
    due: Dates = field(default_factory=dict)
    late: Policy = field(default_factory=Policy)
    extensions: Mapping[str, Dates] = field(default_factory=dict)
    timezone: str = ""

    @property
    def gradebook(self) -> str:
        """The gradebook's database URL; there may be a password in it."""
        return url_of(self.database, self.root)

    def due_of(self, lab: str, student: str) -> datetime | None:
        """When a student's work on a lab is due: the student's own date, else everybody's."""
        return self.extensions.get(student, {}).get(lab) or self.due.get(lab)

    @property
    def secret(self) -> str:
        return (self.private / "secret").read_text("utf-8").strip()

    @property
    def private(self) -> Path:
        return self.root / ".outgrow"

    def lab(self, name: str) -> Lab:
        """The lab called `name` (its number alone will do)."""
        return find_lab(self.labs, name)

    def notebook(self, stage: str, lab: str, student: str = ".") -> Path:
        """nbgrader's path of a lab's notebook in a stage (source, release, submitted, …)."""
        return self.root / stage / student / lab / f"{lab}.ipynb"

    def released(self) -> list[str]:
        """The labs that have been released, in order."""
        return sorted(p.parent.name for p in (self.root / "release").glob("*/*.ipynb"))

    def students(self, lab: str) -> list[str]:
        """Who has handed in something for a lab, in order; a folder that no student can be called
        is none of theirs."""
        found = (self.root / "submitted").glob(f"*/{lab}")
        return sorted(p.parent.name for p in found if _is_student(p.parent.name) and _is_folder(p))

    def budget(self, lab: str) -> Budget:
        return Budget(**json.loads((self.private / f"{lab}.json").read_text("utf-8")))

    def save_budget(self, lab: str, budget: Budget) -> None:
        (self.private / f"{lab}.json").write_text(json.dumps(vars(budget), indent=1), "utf-8")


def find_lab(labs: Path, name: str) -> Lab:
    """The lab in folder `labs` that is called `name`, or starts with it if only one does."""
    found = find_labs(labs)
    fits = [p for p in found if p.name == name] or [p for p in found if p.name.startswith(name)]
    if len(fits) == 1:
        return read_lab(fits[0])
    known = ", ".join(p.name for p in found) or "none"
    fact = f"{len(fits)} labs are called `{name}`" if fits else f"there is no lab `{name}`"
    raise OutgrowError(fact, labs, f"The labs here: {known}.")


def init_course(root: Path, labs: Path, title: str = "Data that outgrow one machine") -> Course:
    """Make a course directory; leaves what is there already as it is."""
    if root.exists() and not (root / "course.toml").exists() and any(root.iterdir()):
        raise OutgrowError("the folder is not empty and no course", root, "Name a new folder.")
    if not find_labs(labs):
        raise OutgrowError("there are no labs here", labs, "Name the folder that holds them.")
    (root / ".outgrow").mkdir(parents=True, exist_ok=True)
    (root / ".outgrow").chmod(0o700)
    _write_new(root / ".outgrow" / "secret", secrets.token_hex(16))
    _write_new(root / "course.toml", _toml(root.name, title, labs.resolve()))
    _write_new(root / "nbgrader_config.py", CONFIG)
    return open_course(root)


def open_course(root: Path) -> Course:
    """Read a course directory; raise OutgrowError if it is none."""
    file = root.resolve() / "course.toml"
    if not file.is_file():
        remedy = "Run `outgrow course init`, or name the course with --course."
        raise OutgrowError("there is no course here", root.resolve(), remedy)
    return Course(root=file.parent, **vars(read_settings(file)))


def _is_student(name: str) -> bool:
    return bool(STUDENT.fullmatch(name)) and not name.startswith(".")


def _is_folder(path: Path) -> bool:
    """A link counts: it is put aside, and its student told that nothing is there."""
    return path.is_dir() or path.is_symlink()


def _toml(name: str, title: str, labs: Path) -> str:
    pairs = {"id": name, "title": title, "labs": str(labs)}
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in pairs.items())


def _write_new(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text, "utf-8")
        path.chmod(0o600 if path.parent.name == ".outgrow" else 0o644)
