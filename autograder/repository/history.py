"""Git, asked by its own program: the clone of a bundle, and what its history holds."""

import hashlib
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.repository.worker import Unfit

HEADS = (b"# v2 git bundle\n", b"# v3 git bundle\n")
GIVEN = "refs/outgrow/head"  # the bundle's HEAD, in the clone
LARGE = 2**20  # bytes: no text that people write is larger
SETTINGS = (
    "protocol.allow=never", "protocol.file.allow=always", "fetch.fsckObjects=true",
    "core.hooksPath=/dev/null", "gc.auto=0",
)  # fmt: skip
SAFE = tuple(word for setting in SETTINGS for word in ("-c", setting))


@dataclass(frozen=True)
class Blob:
    """A file's content in some commit."""

    name: str  # git's
    size: int  # bytes
    path: str


def git(folder: Path, *words: str, data: bytes = b"") -> bytes:
    """What git prints; raises Unfit with what it complains of."""
    command = ["git", *SAFE, "-C", str(folder), *words]
    ran = subprocess.run(command, input=data, capture_output=True, check=False)
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unfit(f"git cannot read it: {said[-1][:200] if said else 'no reason given'}")
    return ran.stdout


def clone(bundle: bytes, folder: Path) -> None:
    """A working copy of the bundle's HEAD in `folder`, with all of its refs."""
    if not bundle.startswith(HEADS):
        raise Unfit("what was handed in is no git bundle")
    file = folder.with_suffix(".bundle")
    file.write_bytes(bundle)
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "fetch", "-q", "--update-head-ok", str(file), "+refs/*:refs/*", f"+HEAD:{GIVEN}")
    git(folder, "checkout", "-q", "-f", "--detach", GIVEN)
    file.unlink()


def experiments(folder: Path) -> dict[str, str]:
    """The commits of DVC's experiments, by name."""
    lines = git(folder, "for-each-ref", "--format=%(refname) %(objectname)", "refs/exps")
    found = (line.split(" ") for line in lines.decode().splitlines())
    return {ref.split("/")[-1]: sha for ref, sha in found if "/exec/" not in ref}


def commits(folder: Path) -> int:
    return int(git(folder, "rev-list", "--count", "HEAD", "--branches", "--tags"))


def contents(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The files that are there of those named "commit:path"."""
    asked = [name for name in names if "\n" not in name]
    data = git(folder, "cat-file", "--batch", data="".join(f"{n}\n" for n in asked).encode())
    found = {}
    for name in asked:
        head, _, data = data.partition(b"\n")
        if not head.endswith(b" missing"):
            kind, size = head.split()[-2:]
            if kind == b"blob":
                found[name] = data[: int(size)]
            data = data[int(size) + 1 :]
    return found


def blobs(folder: Path) -> list[Blob]:
    """Every version of every file in any commit of a branch or tag; experiments are DVC's own."""
    names = git(folder, "rev-list", "--objects", "HEAD", "--branches", "--tags")
    form = "--batch-check=%(objectname) %(objecttype) %(objectsize) %(rest)"
    lines = git(folder, "cat-file", form, data=names).decode("utf-8", "replace").splitlines()
    parts = (line.split(" ", 3) for line in lines)
    return [Blob(name, int(size), path) for name, kind, size, path in parts if kind == "blob"]


def data_among(folder: Path, tracked: dict[str, str], sizes: set[int]) -> dict[str, int]:
    """The blobs that are data: at a path that DVC tracks, with content that it tracks (of these
    sizes), or large; path -> bytes."""
    found = blobs(folder)
    paths = (*tracked, *(f"{path}/" for path in tracked))
    hashes = set(tracked.values())

    def is_data(blob: Blob) -> bool:
        at = blob.path in paths[: len(tracked)] or blob.path.startswith(paths[len(tracked) :])
        return at or blob.size > LARGE or (blob.size in sizes and _md5(folder, blob) in hashes)

    return {blob.path: blob.size for blob in found if is_data(blob)}


def _md5(folder: Path, blob: Blob) -> str:
    return hashlib.md5(git(folder, "cat-file", "blob", blob.name)).hexdigest()


def files(folder: Path) -> dict[str, bytes]:
    """The working copy's plain files, without git's and DVC's own, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in _plain(folder)}


def _plain(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).parts
        own = inner[0] == ".git" or inner[:2] in ((".dvc", "cache"), (".dvc", "tmp"))
        if not own and path.is_file() and not path.is_symlink():
            yield path
