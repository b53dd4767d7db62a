"""Notebooks in a zip that was handed in. Nothing is unpacked to disk, and only notebooks are read.

A zip can name files outside itself, hold links, claim a size that it has not, unpack to a thousand
times its size, or hold a million members. So no more than a little of it is read at a time, its
table of contents included, and of a notebook as much as a notebook may be large.
"""

import stat
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from autograder.handin import MAX_BYTES, Unreadable, too_large

MAX_ARCHIVE = 2**30
MAX_PIECE = 2**20  # also of the table of contents, in which a member takes about 100 bytes
MAX_NOTEBOOKS = 50
MAX_TOTAL = 4 * MAX_BYTES
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


def notebooks(file: BinaryIO, size: int) -> dict[str, bytes]:
    """The notebooks in a zip of `size` bytes, by name; raises Unreadable for what is no honest
    zip."""
    if size > MAX_ARCHIVE:
        raise Unreadable(too_large(size, MAX_ARCHIVE))
    try:
        with zipfile.ZipFile(_Sips(file)) as archive:  # type: ignore[arg-type]
            return _read(archive)
    except Unreadable:
        raise
    except Exception as error:  # zipfile raises whatever its parts do: zlib, struct, EOF, …
        raise Unreadable(f"the zip cannot be read: {error or type(error).__name__}") from None


class _Sips:
    """A file that is read in small pieces, or not at all."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.seek, self.tell, self.seekable = file, file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(min(size, MAX_PIECE + 1) if size >= 0 else MAX_PIECE + 1)
        if len(piece) > MAX_PIECE:
            raise Unreadable("the zip holds too many files: hand in the notebook alone")
        return piece


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [member for member in archive.infolist() if _is_notebook(member)]
    names = [member.filename for member in members]
    if len(members) > MAX_NOTEBOOKS:
        raise Unreadable(f"the zip holds {len(members):,} notebooks: hand in one")
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise Unreadable(f"the zip holds {twice} twice: hand in one")
    if sum(member.file_size for member in members) > MAX_TOTAL:
        raise Unreadable("the zip's notebooks are too large together: hand in one")
    return {member.filename: _extract(archive, member) for member in members}


def _is_notebook(member: zipfile.ZipInfo) -> bool:
    """A notebook in its own right: no hidden file, no copy that a Mac or Jupyter keeps, no link."""
    path = PurePosixPath(member.filename)
    outside = path.is_absolute() or ".." in path.parts or "\\" in member.filename
    kept = any(part.startswith((".", "__")) for part in path.parts)
    link = stat.S_ISLNK(member.external_attr >> 16)
    return path.suffix == ".ipynb" and not (outside or kept or link)


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & ENCRYPTED:
        raise Unreadable(f"{member.filename} is encrypted: zip it without a password")
    if member.compress_type not in PLAIN:
        remedy = "zip it in the usual way, or hand in the notebook"
        raise Unreadable(f"{member.filename} is compressed in a way not read here: {remedy}")
    if member.file_size > MAX_BYTES:
        raise Unreadable(f"{member.filename}: {too_large(member.file_size, MAX_BYTES)}")
    with archive.open(member) as file:
        return b"".join(iter(lambda: file.read(MAX_PIECE // 2), b""))
