"""Collecting: from a folder of what came in to nbgrader's `submitted/STUDENT/LAB/LAB.ipynb`.

What comes in is a folder with, for each student, a folder `STUDENT/`, a zip `STUDENT.zip`, or a
notebook `STUDENT.ipynb` (or `STUDENT_LAB.ipynb`, as many systems name downloads). A notebook under
another name is taken if it is the only one, or the only one that says it is this lab. An earlier
submission is kept, never lost.
"""

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course.folder import Course
from autograder.errors import OutgrowError
from autograder.intake import MAX_BYTES

STUDENT = re.compile(r"[\w.@-]{1,100}", re.ASCII)
STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"


@dataclass(frozen=True)
class Collected:
    """What came in from one student: `new`, `same` or `refused`, and one line about it."""

    student: str
    result: str
    line: str


def collect(course: Course, lab: str, inbox: Path) -> Iterator[Collected]:
    """Take in what lies in `inbox`; what cannot be taken is said, and the rest goes on."""
    if not inbox.is_dir():
        raise OutgrowError(
            "there is no such folder", inbox, "Name the folder with the submissions."
        )
    for path in sorted(inbox.iterdir()):
        student = _student(path, lab)
        if path.name.startswith("."):
            continue
        if not STUDENT.fullmatch(student) or student in (".", ".."):
            line = "no student can be called that; use letters, digits and . _ - @"
            yield Collected(path.name, "refused", line)
            continue
        yield _take(course, lab, student, path)


def _student(path: Path, lab: str) -> str:
    name = path.name if path.is_dir() else path.stem
    return name.removesuffix(f"_{lab}").removesuffix(f"-{lab}")


def _take(course: Course, lab: str, student: str, path: Path) -> Collected:
    try:
        name, content = _content(path, lab)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        return Collected(student, "refused", str(error))
    target = course.notebook("submitted", lab, student)
    if target.is_file() and target.read_bytes() == content:
        return Collected(student, "same", "as collected before")
    _keep_earlier(course, lab, student, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    if name not in (target.name, f"{student}.ipynb", f"{student}_{lab}.ipynb"):
        (target.parent / Path(name).name).write_bytes(content)
    when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    (target.parent / "timestamp.txt").write_text(when.strftime(STAMP), "utf-8")
    return Collected(student, "new", name)


def _content(path: Path, lab: str) -> tuple[str, bytes]:
    """The name and bytes of the one notebook in a folder, a zip, or the file itself."""
    if path.is_symlink():
        raise ValueError("it is a link; hand in the file itself")
    if path.is_dir():
        files = [p for p in sorted(path.rglob("*.ipynb")) if p.is_file() and not p.is_symlink()]
        return _choose({p.name: _bounded(p) for p in files}, lab)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".ipynb")]
            return _choose({m.filename: _extract(archive, m) for m in members}, lab)
    return path.name, _bounded(path)


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as file:
        return file.read(MAX_BYTES + 1)


def _choose(found: dict[str, bytes], lab: str) -> tuple[str, bytes]:
    """The notebook with the right name, else the only one, else the only one that says it is
    this lab."""
    named = [name for name in found if Path(name).name == f"{lab}.ipynb"]
    saying = [name for name, content in found.items() if _says(content, lab)]
    for names in (named, list(found), saying):
        if len(names) == 1:
            return names[0], found[names[0]]
    if not found:
        return f"{lab}.ipynb", b""
    raise ValueError(f"{len(found)} notebooks, and none is called {lab}.ipynb: {', '.join(found)}")


def _says(content: bytes, lab: str) -> bool:
    try:
        return json.loads(content)["metadata"]["outgrow"]["lab"] == lab
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def adopt(course: Course, lab: str, student: str) -> None:
    """Give a submission that was put there by hand its right name, or an empty file if there is
    none."""
    target = course.notebook("submitted", lab, student)
    if not target.exists():
        try:
            _, content = _content(target.parent, lab)
        except ValueError:
            content = b""
        target.write_bytes(content)


def _keep_earlier(course: Course, lab: str, student: str, target: Path) -> None:
    if target.is_file():
        earlier = course.private / "earlier" / lab / student
        earlier.mkdir(parents=True, exist_ok=True)
        when = datetime.fromtimestamp(target.stat().st_mtime, UTC)
        shutil.copy2(target, earlier / f"{when:%Y%m%dT%H%M%S.%f}.ipynb")
