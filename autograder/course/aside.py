"""What lies in a submission's folder and must not be copied is put aside, never lost.

nbgrader copies all files beside a notebook to `autograded/` and from there to `feedback/`, through
links as well: a link to the course's secret would be given back as the secret. So links, pipes,
devices and files too large go to `.outgrow/aside/` first.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.course.folder import Course, open_course
from autograder.handin import MAX_BYTES


def put_aside(course: Course, lab: str, student: str) -> None:
    """Leave only folders and ordinary files of bearable size in what `student` handed in.

    A notebook stays in any case: nbgrader leaves it to us, and intake says what it is. If the
    student's folder itself is a link, it is put aside, and there is an empty one in its place.
    """
    folder = course.notebook("submitted", lab, student).parent
    for path in (folder.parent, folder):
        if path.is_symlink():
            _move(course, path)
    folder.mkdir(parents=True, exist_ok=True)
    for path in list(_unfit(folder)):
        _move(course, path)


def before_autograde(notebooks: list[str], **_: Any) -> None:
    """nbgrader's hook: the same for the submission whose notebooks it is about to convert."""
    for notebook in notebooks[:1]:
        folder = Path(notebook).absolute().parent
        put_aside(open_course(folder.parents[2]), folder.name, folder.parent.name)


def _unfit(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(parent, name)
            about = path.lstat()
            kind = about.st_mode
            fits = stat.S_ISREG(kind) and about.st_size <= MAX_BYTES
            kept = name.endswith(".ipynb") and not stat.S_ISDIR(kind)
            if not (stat.S_ISDIR(kind) or fits or kept):
                yield path


def _move(course: Course, path: Path) -> None:
    place = course.private / "aside" / path.relative_to(course.root / "submitted")
    place.parent.mkdir(parents=True, exist_ok=True)
    while os.path.lexists(place):
        place = place.with_name(f"{place.name}~")
    path.rename(place)
