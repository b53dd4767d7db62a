"""Files that were handed in: opened once, through no link, and read no further than allowed.

A submission's folder may hold anything: links to others' files, pipes that never end, devices,
files of terabytes. So each part of a path is opened from the folder before it, the file is looked
at through the descriptor that it is then read from, and what is no ordinary file is not read.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 20 * 2**20
MAX_FILES = 10_000
MAX_DEPTH = 20
FOLLOW_NOT = getattr(os, "O_NOFOLLOW", 0)
FOLDER = os.O_RDONLY | FOLLOW_NOT | getattr(os, "O_DIRECTORY", 0)
FILE = os.O_RDONLY | FOLLOW_NOT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
STEPWISE = os.open in os.supports_dir_fd


class Unreadable(ValueError):
    """A file that cannot be taken: the fact, in words for its author."""


def read_file(root: Path, *names: str, most: int = MAX_BYTES) -> bytes:
    """The bytes of the file `root/name/…/name`; only `root` itself may be, or lie behind, a link.

    Raises Unreadable if it is missing, no ordinary file, or larger than `most` bytes.
    """
    with open_file(root, *names) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise Unreadable(too_large(size, most))
        content = file.read(most + 1)
    if len(content) > most:
        raise Unreadable(too_large(len(content), most))
    return content


def open_file(root: Path, *names: str) -> BinaryIO:
    """The ordinary file `root/name/…/name`, open for reading; raises Unreadable."""
    try:
        descriptor = _open(root, *names)
    except FileNotFoundError:
        raise Unreadable(f"there is no file {names[-1]}") from None
    except OSError as error:
        raise Unreadable(_why(root, names, error)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable(f"{names[-1]} is no ordinary file")
    return os.fdopen(descriptor, "rb")


def too_large(size: int, most: int) -> str:
    return f"the file is {size / 2**20:,.1f} MiB large; {most // 2**20} MiB is the limit"


def _open(root: Path, *names: str) -> int:
    if not STEPWISE:
        return _open_whole(root, *names)
    with ExitStack() as folders:
        at = os.open(root, os.O_RDONLY)
        folders.callback(os.close, at)
        for name in names[:-1]:
            at = os.open(name, FOLDER, dir_fd=at)
            folders.callback(os.close, at)
        mode = os.stat(names[-1], dir_fd=at, follow_symlinks=False).st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
            raise OSError("it is no ordinary file")  # nor opened: opening a device may do something
        return os.open(names[-1], FILE, dir_fd=at)


def _open_whole(root: Path, *names: str) -> int:
    """Where a file cannot be opened from its folder (Windows)."""
    for count in range(1, len(names) + 1):
        part = root.joinpath(*names[:count])
        if part.is_symlink() or getattr(part, "is_junction", bool)():
            raise OSError("it is a link")
    return os.open(root.joinpath(*names), FILE)


def _why(root: Path, names: tuple[str, ...], error: OSError) -> str:
    for count in range(1, len(names) + 1):
        if root.joinpath(*names[:count]).is_symlink():
            return f"{names[count - 1]} is a link; hand in the file itself"
    return f"{names[-1]} cannot be read: {(error.strerror or str(error)).lower()}"


def find_files(root: Path, name: str, suffix: str) -> Iterator[tuple[str, ...]]:
    """The paths, as names below `root`, of the files in folder `root/name` that end in `suffix`.

    Links are not followed, and hidden folders and files are passed over.
    """
    seen = 0
    for folder, folders, files in os.walk(root / name, followlinks=False):
        folders[:] = sorted(entry for entry in folders if not entry.startswith((".", "__")))
        seen += len(folders) + len(files)
        depth = len(Path(folder).relative_to(root).parts)
        if seen > MAX_FILES or depth > MAX_DEPTH:
            raise Unreadable(f"the folder holds more than {MAX_FILES:,} files, or too deep a tree")
        for entry in sorted(files):
            if entry.endswith(suffix) and not entry.startswith("."):
                yield (*Path(folder).relative_to(root).parts, entry)
