"""solutions.contents: a store that is written, read, linked, spoilt and emptied."""

from pathlib import Path

import pytest

from solutions.contents import digest_of, gc, get, objects, place, put, status


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    return tmp_path / "store"


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_version_is_kept_and_comes_back(store: Path, tmp_path: Path):
    contents = {"a": b"\r\n\0", "b": b"x" * 3_000_000, "c": b"", "same as a": b"\r\n\0"}
    manifest = {name: put(store, written(tmp_path / name, data)) for name, data in contents.items()}
    assert len([*objects(store)]) == 3
    assert sorted(p.name for p in store.iterdir()) == sorted({d[:2] for d in manifest.values()})
    for link in ("copy", "hardlink", "symlink"):
        for name, digest in manifest.items():
            get(store, digest, tmp_path / link / name, link)
            assert (tmp_path / link / name).read_bytes() == contents[name]
        assert status(tmp_path / link, manifest) == {}
    (tmp_path / "copy" / "a").write_bytes(b"changed")
    (tmp_path / "copy" / "b").unlink()
    assert status(tmp_path / "copy", manifest) == {"a": "modified", "b": "deleted"}


def test_links_are_the_object_and_a_copy_is_not(store: Path, tmp_path: Path):
    digest = put(store, written(tmp_path / "file", b"data"))
    thing, targets = place(store, digest), {}
    for link in ("copy", "hardlink", "symlink"):
        targets[link] = tmp_path / link
        get(store, digest, targets[link], link)
    assert targets["hardlink"].samefile(thing)
    assert targets["symlink"].readlink() == thing.resolve()
    targets["copy"].write_bytes(b"other")
    assert thing.read_bytes() == b"data"


def test_what_is_spoilt_or_missing_is_refused(store: Path, tmp_path: Path):
    digest = put(store, written(tmp_path / "file", b"data"))
    target = written(tmp_path / "target", b"older")
    with pytest.raises(ValueError, match="no link of the kind 'reflink'"):
        get(store, digest, target, "reflink")
    with pytest.raises(FileNotFoundError):
        get(store, "0" * 32, target)
    place(store, digest).chmod(0o644)
    place(store, digest).write_bytes(b"dat4")
    with pytest.raises(ValueError, match="is corrupt"):
        get(store, digest, target, "symlink")
    assert target.read_bytes() == b"older"


def test_gc_keeps_what_any_version_names(store: Path, tmp_path: Path):
    digests = [put(store, written(tmp_path / "file", b"x" * n)) for n in (1, 20, 300)]
    assert gc(store, iter([{"a": digests[0]}, {"a": digests[2], "b": "f" * 32}])) == 20
    assert sorted(objects(store)) == sorted([digests[0], digests[2]])
    assert gc(store, []) == 301
    assert digest_of(tmp_path / "file") == digests[2], "the working files are not touched"
