"""What is handed in, zips that are not honest among it, and a course to hand it in to."""

import json
import os
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course.folder import Course, open_course

LAB = "02_lab"
WORK = json.dumps({"cells": [], "metadata": {"outgrow": {"lab": LAB}}})
unix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs links and pipes")


def empty_course(folder: Path) -> Course:
    """A course that has a folder and a name, and nothing else."""
    folder.mkdir()
    lines = f'id = "course"\ntitle = "A course"\nlabs = "{(folder.parent / "labs").as_posix()}"\n'
    (folder / "course.toml").write_text(lines, "utf-8")
    return open_course(folder)


def zipped(path: Path, members: dict[str, bytes | str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def link(name: str, to: str) -> tuple[zipfile.ZipInfo, str]:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info, to


def patched(path: Path, find: bytes, put: bytes) -> None:
    content = path.read_bytes()
    assert find in content
    path.write_bytes(content.replace(find, put))


def encrypted(path: Path) -> None:
    zipped(path, {"a.ipynb": WORK})
    content = bytearray(path.read_bytes())
    for start, offset in ((content.index(b"PK\3\4"), 6), (content.index(b"PK\1\2"), 8)):
        content[start + offset] |= 1
    path.write_bytes(content)


def wrong_crc(path: Path) -> None:
    zipped(path, {"a.ipynb": WORK})
    content = bytearray(path.read_bytes())
    for start, offset in ((content.index(b"PK\3\4"), 14), (content.index(b"PK\1\2"), 16)):
        content[start + offset] ^= 255
    path.write_bytes(content)


def junk_inside(path: Path) -> None:
    zipped(path, {"a.ipynb": WORK * 50})
    start = path.read_bytes().index(b"a.ipynb") + 7
    content = bytearray(path.read_bytes())
    content[start : start + 20] = b"\xff" * 20
    path.write_bytes(content)


def other_method(method: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        zipped(path, {"a.ipynb": WORK})
        content = bytearray(path.read_bytes())
        for start, offset in ((content.index(b"PK\3\4"), 8), (content.index(b"PK\1\2"), 10)):
            struct.pack_into("<H", content, start + offset, method)
        path.write_bytes(content)

    return make


def bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(f"{LAB}.ipynb", "w") as file,
    ):
        for _ in range(64):
            file.write(bytes(2**20))


def lying_bomb(path: Path) -> None:
    bomb(path)
    patched(path, struct.pack("<I", 64 * 2**20), struct.pack("<I", 1000))


def many_members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.txt", "")


def many_notebooks(path: Path) -> None:
    zipped(path, {f"{number}.ipynb": "{}" for number in range(51)})


def twice(path: Path) -> None:
    other = f"{LAB}.ipynx"
    zipped(path, {f"{LAB}.ipynb": WORK, other: "{}"})
    patched(path, other.encode(), f"{LAB}.ipynb".encode())


def gzipped_tar(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo(f"{LAB}.ipynb"))


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no zip": (lambda path: path.write_bytes(b"no zip"), "the zip cannot be read"),
    "empty": (lambda path: path.write_bytes(b""), "the zip cannot be read"),
    "cut short": (lambda path: path.write_bytes(b"PK\5\6" + bytes(10)), "the zip cannot be read"),
    "encrypted": (encrypted, "a.ipynb is encrypted: zip it without a password"),
    "wrong crc": (wrong_crc, "the zip cannot be read: Bad CRC-32"),
    "junk inside": (junk_inside, "the zip cannot be read: Error -3 while decompressing"),
    "bzip2": (other_method(12), "a.ipynb is compressed in a way not read here"),
    "lzma": (other_method(14), "a.ipynb is compressed in a way not read here"),
    "unknown method": (other_method(99), "a.ipynb is compressed in a way not read here"),
    "bomb": (bomb, f"{LAB}.ipynb: the file is 64.0 MiB large; 20 MiB is the limit"),
    "lying bomb": (lying_bomb, "the zip cannot be read"),
    "many members": (many_members, "the zip holds too many files: hand in the notebook alone"),
    "many notebooks": (many_notebooks, "the zip holds 51 notebooks: hand in one"),
    "twice": (twice, f"the zip holds {LAB}.ipynb twice: hand in one"),
    "tar.gz in disguise": (gzipped_tar, "the zip cannot be read: File is not a zip file"),
}
