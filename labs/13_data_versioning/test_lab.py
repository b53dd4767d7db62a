"""The visible tests of lab 13, the store: small files that one can look at by hand."""

import pytest

from autograder.testing import hint, points
from histories import digest
from probes import collected, fetched, interrupted, kept

HELLO = "5d41402abc4b2a76b9719d911017c592"


def place(of):
    """Where an object lies in its store."""
    return f"{of[:2]}/{of[2:]}"


# --- put


@points(1)
def test_put_names_an_object_by_its_bytes(student):
    """An object lies under the MD5 of its bytes: two digits, then thirty; and is read-only."""
    ((found, same, there),) = student.run(kept, student.ref("put"), [b"hello"])
    assert found == HELLO, hint("Return the MD5 of the file's bytes, as 32 hexadecimal digits.")
    assert sorted(there) == [place(HELLO)], hint(
        "The object's path is made of its digest: two digits, a slash, thirty digits. The file's "
        "own name has no part in it, and nothing else stays in the store."
    )
    data, mode, _ = there[place(HELLO)]
    assert data == b"hello", hint("The object's bytes are those of the file.")
    assert mode == 0o444, hint("Nobody may write to an object: give it the mode 0o444.")
    assert same, hint("The file itself stays where it is, as it is.")


@points(1)
def test_put_keeps_equal_bytes_once(student):
    """Two files with the same bytes are one object, which is written once."""
    first, second, third = student.run(kept, student.ref("put"), [b"a", b"a", b"b"])
    assert len(third[2]) == 2, hint("Two of the three files have the same bytes: two objects.")
    (name,) = first[2]
    assert second[2][name][2] == first[2][name][2], hint(
        "The store has these bytes: leave the object alone, and write nothing."
    )


# --- get


@points(1)
def test_get_makes_a_copy_of_its_own(student):
    """A copy has the object's bytes, in place of an older file, and can be written to."""
    found = student.run(fetched, student.ref("get"), b"hello")
    told = (found["error"], found["bytes"], found["kind"])
    assert told == ("", b"hello", "file"), hint(
        "A copy is a file of its own with the object's bytes; what was there before is replaced."
    )
    assert found["mode"] == 0o644, hint("A copy is there to be written to: mode 0o644.")


@pytest.mark.parametrize("link", ["hardlink", "symlink"])
@points(1)
def test_get_links(student, link):
    """A link holds no bytes of its own."""
    found = student.run(fetched, student.ref("get"), b"hello", link)
    assert (found["error"], found["bytes"]) == ("", b"hello"), hint(
        "Through the link one reads the object's bytes. What was at the target has to go first."
    )
    assert found["kind"] == link, hint(
        "A hard link is a second name for the same file, a symbolic link is a pointer to it: "
        "neither is a copy, and they are not the same."
    )


@points(1)
def test_get_refuses_a_corrupt_object(student):
    """An object whose bytes do not have its name is an error, and the target stays as it was."""
    found = student.run(fetched, student.ref("get"), b"hello", "copy", "corrupt")
    assert found["error"] == "ValueError", hint(
        "A byte of the object has changed. Its name says what it should be: compute the digest, "
        "compare, and raise ValueError."
    )
    assert found["bytes"] == b"older", hint("Look before you touch the target.")


# --- gc


@points(1)
def test_gc_removes_what_no_version_names(student):
    """What no manifest names goes; what any of them names stays; the bytes freed are counted."""
    contents = ["one", "three", "seven"]
    versions = [{"a": digest("one")}, {"a": digest("three"), "b": digest("gone")}]
    data = [text.encode() for text in contents]
    freed, left = student.run(collected, student.ref("gc"), data, versions)
    assert left == sorted(map(digest, ["one", "three"])), hint(
        "An object stays if *any* of the manifests has its digest, not only the newest one, and "
        "all others go."
    )
    assert freed == 5, hint("Return the bytes that were freed, not the number of objects.")


@points(1)
def test_gc_of_nothing_named(student):
    """Without manifests every object goes."""
    freed, left = student.run(collected, student.ref("gc"), [b"1", b"22"], [])
    assert (freed, left) == (3, []), hint("Nothing is named, so nothing stays.")


# --- put, again


@points(1)
def test_put_shows_whole_objects_only(student):
    """If the disk is full in the middle, no part of an object lies under its name."""
    first, second = student.run(interrupted, student.ref("put"), b"x" * 200_000)
    assert first == [], hint(
        "The disk was full in the middle, and half of an object lies under the object's name. "
        "Write to another name, and rename when all is written."
    )
    assert second == [b"x" * 200_000], hint("When there is room again, the object gets there.")
