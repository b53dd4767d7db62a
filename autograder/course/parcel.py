"""Parcels: all that another host needs in order to judge, as data.

A *parcel* holds the exams of some labs: their tests and helpers, the modules of the reference that
these ask for, what was released, the instructor's notebook (budgets are measured with it there),
and the course's secret, for the seeds are made from it. Unpacked it is a small course directory of
its own, private, and gone with the block that unpacked it. A submission travels in its own wrapping
and lies there for as long as it is judged.
"""

import hashlib
import io
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.fingerprint import REFERENCE, reference
from autograder.course.folder import Course
from autograder.errors import OutgrowError
from autograder.handin import Unreadable, read_file
from autograder.intake import MAX_NOTES
from autograder.lab import helpers, hidden_tests, visible_tests


@dataclass(frozen=True)
class Parcel:
    """The exams of `labs`: an archive, and its digest. It holds secrets: trust who gets it."""

    course: str
    labs: tuple[str, ...]
    archive: bytes = field(repr=False)
    digest: str


@dataclass(frozen=True)
class Sent:
    """A submission on its way: its notebook's bytes, and the other names that it lay there
    under."""

    lab: str
    student: str
    content: bytes = field(repr=False)
    beside: tuple[str, ...] = ()


def pack(course: Course, labs: Iterable[str]) -> Parcel:
    """The parcel of a course's released labs."""
    names = tuple(sorted(set(labs)))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as tar:
        for name, path in sorted(_files(course, names).items()):
            tar.add(path, name)
    content = buffer.getvalue()
    return Parcel(course.id, names, content, _digest(content))


@contextmanager
def unpacked(parcel: Parcel) -> Iterator[Course]:
    """The parcel as a course in a new folder that only we can read; its reference lies in the
    course's root, to be put on `sys.path`."""
    if _digest(parcel.archive) != parcel.digest:
        raise OutgrowError("the exam did not arrive whole", parcel.course, "Grade again.")
    with tempfile.TemporaryDirectory(prefix="outgrow-") as name:
        root = Path(name).resolve()
        with tarfile.open(fileobj=io.BytesIO(parcel.archive)) as tar:
            tar.extractall(root, filter="data")
        yield Course(root, parcel.course, "", root / "labs")


def wrap(course: Course, lab: str, student: str) -> Sent:
    """A submission as data; raises Unreadable where there is nothing that could be judged."""
    path = course.notebook("submitted", lab, student)
    content = _read(path)
    beside = [p for p in sorted(path.parent.glob("*.ipynb"))[:MAX_NOTES] if p.name != path.name]
    return Sent(lab, student, content, tuple(p.name for p in beside if _holds(p, content)))


@contextmanager
def delivered(course: Course, sent: Sent) -> Iterator[None]:
    """Have a submission lie in an unpacked course, where intake looks for it."""
    target = course.notebook("submitted", sent.lab, sent.student)
    target.parent.mkdir(parents=True)
    try:
        for name in (target.name, *sent.beside):
            (target.parent / name).write_bytes(sent.content)
        yield
    finally:
        shutil.rmtree(target.parent)


def _files(course: Course, labs: Iterable[str]) -> dict[str, Path]:
    """What goes into a parcel: names in it, and where each file lies here."""
    found = {".outgrow/secret": course.private / "secret"}
    scripts: list[Path] = []
    for lab in labs:
        folder = course.labs / lab
        tests = [*visible_tests(folder), *hidden_tests(folder), *helpers(folder)]
        scripts += tests
        found |= {f"labs/{lab}/{path.name}": path for path in (folder / "lab.py", *tests)}
        found[f"source/{lab}/{lab}.ipynb"] = course.notebook("source", lab)
        released = course.notebook("release", lab).parent
        files = (path for path in released.rglob("*") if path.is_file())
        found |= {f"release/{lab}/{path.relative_to(released)}": path for path in files}
    return found | _reference(scripts)


def _reference(scripts: Iterable[Path]) -> dict[str, Path]:
    """The modules of the reference that scripts ask for, and the packages that they lie in."""
    import importlib

    found: dict[str, Path] = {}
    for path in reference(scripts):
        package = importlib.import_module(REFERENCE)
        root = next(p for p in map(Path, package.__path__) if path.is_relative_to(p))
        place = path.relative_to(root)
        found[f"{REFERENCE}/{place}"] = path
        found[f"{REFERENCE}/__init__.py"] = Path(package.__file__ or "")
        for folder in list(place.parents)[:-1]:
            found[f"{REFERENCE}/{folder}/__init__.py"] = root / folder / "__init__.py"
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(path: Path) -> bytes:
    return read_file(path.parents[2], *path.parts[-3:])


def _holds(path: Path, content: bytes) -> bool:
    try:
        return _read(path) == content
    except Unreadable:
        return False
