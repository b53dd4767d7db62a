"""A content-addressed store: each file lies under the hash of its bytes.

    store/3f/a2c91e…      an object: read-only bytes, whose MD5 is 3fa2c91e…

That is all of it. Two files with the same bytes are one object; a version of a folder is a small
table of names and hashes (a *manifest*), which git keeps well; a changed object shows, as its hash
is no longer its name. DVC's cache, its remotes, and git's own objects are made like this.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

BLOCK = 2**20


def digest_of(file: Path) -> str:
    """The MD5 of a file's bytes as 32 hexadecimal digits; it holds one block (1 MiB) at a time."""
    md5 = hashlib.md5()
    with file.open("rb") as data:
        while block := data.read(BLOCK):
            md5.update(block)
    return md5.hexdigest()


def place(store: Path, digest: str) -> Path:
    """Where the object with this digest lies: two digits are the folder, thirty the file."""
    return store / digest[:2] / digest[2:]


def objects(store: Path) -> Iterator[str]:
    """The digests of all objects of a store."""
    for path in sorted(store.glob("[0-9a-f][0-9a-f]/" + "?" * 30)):
        yield path.parent.name + path.name


def put(store: Path, file: Path) -> str:
    """Keep a file's bytes in the store, and return their digest.

    The object lies at `place(store, digest)`; folders are made as needed. Nobody may write to it:
    its mode is 0o444. The file itself stays as it is. Bytes that the store has are not written
    again. Whoever looks into the store at any time finds whole objects only, so the bytes go
    under another name first (in `store`), and then get theirs in one step. No other files stay
    in the store.

    >>> from tempfile import mkdtemp
    >>> folder = Path(mkdtemp())
    >>> _ = (folder / "hello.txt").write_bytes(b"hello")
    >>> put(folder / "store", folder / "hello.txt")
    '5d41402abc4b2a76b9719d911017c592'
    """
    digest = digest_of(file)
    target = place(store, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=store)
        os.close(handle)
        shutil.copyfile(file, name)
        Path(name).chmod(0o444)
        Path(name).replace(target)
    return digest


def get(store: Path, digest: str, target: Path, link: str = "copy") -> None:
    """Put the object with this digest at `target`, in place of what is there.

    `link` says how: "copy" makes a file of its own, which may be written to (mode 0o644);
    "hardlink" a second name for the object; "symlink" a pointer to it, by its absolute path. The
    links take no room and no time, whatever the size. Folders above `target` are made as needed.

    Raises FileNotFoundError if the store has no such object, and ValueError if its bytes do not
    have this digest, or if `link` is anything else. Then `target` stays as it was.

    >>> from tempfile import mkdtemp
    >>> folder = Path(mkdtemp())
    >>> _ = (folder / "hello.txt").write_bytes(b"hello")
    >>> get(folder, put(folder, folder / "hello.txt"), folder / "again.txt", link="hardlink")
    >>> (folder / "again.txt").read_text()
    'hello'
    """
    source = place(store, digest)
    if link not in ("copy", "hardlink", "symlink"):
        raise ValueError(f"there is no link of the kind {link!r}")
    if digest_of(source) != digest:
        raise ValueError(f"object {digest} is corrupt")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    if link == "hardlink":
        target.hardlink_to(source)
    elif link == "symlink":
        target.symlink_to(source.resolve())
    else:
        shutil.copyfile(source, target)
        target.chmod(0o644)


def status(folder: Path, manifest: Mapping[str, str]) -> dict[str, str]:
    """How a folder's files differ from a manifest (name -> digest): "deleted" or "modified", by
    name; those that are as they were are not named."""
    found = {}
    for name, digest in manifest.items():
        if not (folder / name).exists():
            found[name] = "deleted"
        elif digest_of(folder / name) != digest:
            found[name] = "modified"
    return found


def gc(store: Path, manifests: Iterable[Mapping[str, str]]) -> int:
    """Remove what no manifest names, and return how many bytes that freed.

    Each manifest is one version: a mapping from names to digests. An object stays if any of the
    manifests has its digest. A manifest may name an object that the store does not have. Folders
    of the store stay.

    >>> from tempfile import mkdtemp
    >>> folder = Path(mkdtemp())
    >>> _ = (folder / "hello.txt").write_bytes(b"hello")
    >>> digest = put(folder / "store", folder / "hello.txt")
    >>> gc(folder / "store", [{"a": digest}]), gc(folder / "store", [])
    (0, 5)
    """
    named = {digest for manifest in manifests for digest in manifest.values()}
    freed = 0
    for digest in objects(store):
        if digest not in named:
            freed += place(store, digest).stat().st_size
            place(store, digest).unlink()
    return freed
