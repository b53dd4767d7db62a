"""Collecting: from a folder of what came in to nbgrader's `submitted/STUDENT/LAB/LAB.ipynb`.

What comes in is a folder with, for each student, a folder `STUDENT/`, a zip `STUDENT.zip`, or a
notebook `STUDENT.ipynb` (or `STUDENT_LAB.ipynb`, as many systems name downloads). A notebook under
another name is taken if it is the only one, or the only one that says it is this lab. An earlier
submission is kept, never lost.

When it came in is the date of the file in the inbox (of a folder: of the notebook in it), unless
somebody says otherwise: what a zip says of its members is the student's word, and is not asked.

Whatever is wrong with what one student handed in is that student's line, and the rest goes on.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from autograder.cells import read_tree
from autograder.course import archive
from autograder.course.aside import put_aside
from autograder.course.folder import STUDENT, Course
from autograder.errors import OutgrowError
from autograder.handin import Unreadable, find_files, open_file, read_file
from autograder.plaintext import line

FILE = re.compile(r"[\w][\w .()+-]{0,100}\.ipynb")
STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"
MAX_NOTEBOOKS = archive.MAX_NOTEBOOKS


@dataclass(frozen=True)
class Collected:
    """What came in from one student: `new`, `same` or `refused`, and one line about it."""

    student: str
    result: str
    line: str


def collect(
    course: Course, lab: str, inbox: Path, times: Mapping[str, datetime] | None = None
) -> Iterator[Collected]:
    """Take in what lies in `inbox`; what cannot be taken is said, and the rest goes on. `times` are
    of students whose files say nothing of when they handed in."""
    if not inbox.is_dir():
        raise OutgrowError(
            "there is no such folder", inbox, "Name the folder with the submissions."
        )
    for name in sorted(os.listdir(inbox)):  # noqa: PTH208
        if name.startswith("."):
            continue
        try:
            yield _take(course, lab, inbox, name, times or {})
        except (Unreadable, OSError, ValueError) as error:
            student = _student(inbox / name, lab)
            whose = student if STUDENT.fullmatch(student) else line(name)
            yield Collected(whose, "refused", line(str(error)))


def _student(path: Path, lab: str) -> str:
    whole = path.is_dir() or path.suffix.lower() not in (".ipynb", ".zip")
    name = path.name if whole else path.stem
    return name.removesuffix(f"_{lab}").removesuffix(f"-{lab}")


def _take(
    course: Course, lab: str, inbox: Path, name: str, times: Mapping[str, datetime]
) -> Collected:
    student = _student(inbox / name, lab)
    if not STUDENT.fullmatch(student) or student in (".", ".."):
        raise Unreadable("no student can be called that; use letters, digits and . _ - @")
    called, content = _content(inbox, name, lab)
    target = _target(course, lab, student)
    if target.is_file() and _holds(target, content):
        if student in times:
            _stamp(target, times[student])
        return Collected(student, "same", "as collected before")
    _keep_earlier(course, lab, student, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    own = PurePosixPath(called).name
    expected = (target.name, f"{student}.ipynb", f"{student}_{lab}.ipynb")
    if FILE.fullmatch(own) and own not in expected:
        (target.parent / own).write_bytes(content)
    _stamp(target, times.get(student) or _date(inbox / name, called))
    return Collected(student, "new", line(called))


def _stamp(target: Path, when: datetime) -> None:
    """Say when a submission came in, as nbgrader reads it."""
    target.with_name("timestamp.txt").write_text(when.astimezone(UTC).strftime(STAMP), "utf-8")


def _date(path: Path, called: str) -> datetime:
    """The date of what lies in the inbox."""
    inside = path / called
    chosen = inside if path.is_dir() and inside.is_file() else path
    return datetime.fromtimestamp(chosen.lstat().st_mtime, UTC)


def _holds(target: Path, content: bytes) -> bool:
    return target.stat().st_size == len(content) and target.read_bytes() == content


def _target(course: Course, lab: str, student: str) -> Path:
    """Where the submission goes; never to another place, which a link would lead to."""
    target = course.notebook("submitted", lab, student)
    for path in (*reversed(target.parents[:2]), target):
        if path.is_symlink() or (path == target and path.exists() and not path.is_file()):
            raise Unreadable(f"{path} is a link or no file; remove it, and collect again")
    return target


def _content(root: Path, name: str, lab: str) -> tuple[str, bytes]:
    """The name and bytes of the one notebook in a folder, a zip, or the file itself."""
    path = root / name
    if path.is_symlink():
        raise Unreadable("it is a link; hand in the file itself")
    if path.is_dir():
        return _choose(_in_folder(root, name), lab)
    if path.suffix.lower() == ".zip":
        with open_file(root, name) as file:
            return _choose(archive.notebooks(file, os.fstat(file.fileno()).st_size), lab)
    if path.suffix.lower() == ".ipynb":
        return name, read_file(root, name)
    raise Unreadable("it is no notebook (.ipynb), no zip and no folder; hand in one of these")


def _in_folder(root: Path, name: str) -> dict[str, bytes]:
    """The notebooks in a folder; those that are no ordinary files count as not there."""
    found: dict[str, bytes] = {}
    refused: list[str] = []
    for names in find_files(root, name, ".ipynb"):
        if len(found) + len(refused) == MAX_NOTEBOOKS:
            raise Unreadable(f"the folder holds more than {MAX_NOTEBOOKS} notebooks: hand in one")
        try:
            found["/".join(names[1:])] = read_file(root, *names)
        except Unreadable as error:
            refused.append(str(error))
    if refused and not found:
        raise Unreadable(refused[0])
    return found


def _choose(found: dict[str, bytes], lab: str) -> tuple[str, bytes]:
    """The notebook with the right name, else the only one, else the only one that says it is
    this lab."""
    named = [name for name in found if PurePosixPath(name).name == f"{lab}.ipynb"]
    saying = [name for name, content in found.items() if _says(content, lab)]
    for names in (named, list(found), saying):
        if len(names) == 1:
            return names[0], found[names[0]]
    if not found:
        return f"{lab}.ipynb", b""
    names = ", ".join(found)
    raise Unreadable(f"{len(found)} notebooks, and not one alone is {lab}.ipynb: {names}")


def _says(content: bytes, lab: str) -> bool:
    """Whether a notebook's metadata name the lab; asked only of what is small enough to parse."""
    try:
        return read_tree(content)["metadata"]["outgrow"]["lab"] == lab
    except (ValueError, KeyError, TypeError):
        return False


def adopt(course: Course, lab: str, student: str) -> None:
    """Give a submission that was put there by hand its right name, or an empty file if there is
    none. What has the name and is no ordinary file stays, and intake will say so."""
    with suppress(OSError):
        put_aside(course, lab, student)
    target = course.notebook("submitted", lab, student)
    if os.path.lexists(target) or any(path.is_symlink() for path in target.parents[:2]):
        return
    try:
        _, content = _choose(_in_folder(target.parents[1], lab), lab)
    except Unreadable:
        content = b""
    with suppress(OSError):
        target.write_bytes(content)


def _keep_earlier(course: Course, lab: str, student: str, target: Path) -> None:
    if target.is_file():
        earlier = course.private / "earlier" / lab / student
        earlier.mkdir(parents=True, exist_ok=True)
        when = datetime.fromtimestamp(target.stat().st_mtime, UTC)
        shutil.copy2(target, earlier / f"{when:%Y%m%dT%H%M%S.%f}.ipynb")
