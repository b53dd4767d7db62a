"""The hidden tests of lab 13, the store: bytes that nobody has seen."""

import pytest

from autograder.testing import hint, points
from histories import digest
from probes import collected, fetched, kept
from solutions.contents import place


def draw_bytes(rng, size):
    return rng.integers(0, 256, size).astype("uint8").tobytes()


@points(2)
def test_put_of_any_bytes(student, rng):
    """Bytes that are no text, several blocks long, with line ends of all kinds."""
    from hashlib import md5
    from pathlib import Path

    large = draw_bytes(rng, 2**20 + int(rng.integers(1, 2**19)))
    contents = [draw_bytes(rng, 300) + b"\r\n\n\r", large, b"", large]
    found = student.run(kept, student.ref("put"), contents)
    digests = [md5(data).hexdigest() for data in contents]
    assert [told for told, _, _ in found] == digests, hint(
        "The digest is that of the bytes as they are: read in binary mode, and to the end."
    )
    there = {name: data for name, (data, _, _) in found[-1][2].items()}
    wanted = {place(Path(), d).as_posix(): data for d, data in zip(digests, contents, strict=True)}
    assert there == wanted, hint(
        "Each content lies in the store once, byte by byte, and nothing else."
    )


@pytest.mark.parametrize("link", ["copy", "hardlink", "symlink"])
@points(1)
def test_get_of_any_object(student, rng, link):
    """Every kind of link leads to the bytes; a spoilt or a missing object is refused."""
    data = draw_bytes(rng, int(rng.integers(100, 9000)))
    good = student.run(fetched, student.ref("get"), data, link)
    kind = "file" if link == "copy" else link
    assert (good["bytes"], good["kind"]) == (data, kind), hint(
        "The target shows the object's bytes, as the kind of file that `link` asks for."
    )
    spoilt = student.run(fetched, student.ref("get"), data, link, "corrupt")
    assert (spoilt["error"], spoilt["bytes"]) == ("ValueError", b"older"), hint(
        "A corrupt object is refused whatever the kind of link, before the target is touched."
    )
    missing = student.run(fetched, student.ref("get"), data, link, "missing")
    assert (missing["error"], missing["bytes"]) == ("FileNotFoundError", b"older"), hint(
        "An object that is not there is a FileNotFoundError, and the target stays as it was."
    )


@points(1)
def test_get_refuses_other_links(student, rng):
    """A kind of link that does not exist is a ValueError."""
    found = student.run(fetched, student.ref("get"), draw_bytes(rng, 10), "reflink")
    assert (found["error"], found["bytes"]) == ("ValueError", b"older"), hint(
        "There are three kinds of links; anything else is a ValueError."
    )


@points(2)
def test_gc_of_many_versions(student, rng):
    """Objects of old versions stay as long as one manifest names them."""
    contents = sorted({str(n) * int(rng.integers(1, 30)) for n in rng.integers(0, 10**6, 40)})
    named = [{f"file{n}": digest(text)} for n, text in enumerate(contents) if rng.random() < 0.5]
    data = [text.encode() for text in contents]
    freed, left = student.run(collected, student.ref("gc"), data, named)
    live = {value for manifest in named for value in manifest.values()}
    assert left == sorted(live), hint("Every version counts, and each name in it.")
    gone = [text for text in contents if digest(text) not in live]
    assert freed == sum(map(len, gone)), hint("The bytes of what was removed, and of nothing else.")
