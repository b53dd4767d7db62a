"""The hidden tests of lab 12, tasks 1 to 4: random objects, requests and bytes."""

import hashlib
import math

from autograder.testing import hint, points
from places import below, lay, name_of, place
from probes import moved, uploaded


@points(2)
def test_upload_of_any_bytes(student, bucket, rng):
    """Random bytes, and none at all, arrive as they are, under their hash."""
    for size in (int(rng.integers(50_000, 90_000)), 0):
        url, data = place(bucket, rng), rng.bytes(size)
        student.run(uploaded, student.ref("upload"), data, url)
        assert below(bucket, url) == {hashlib.sha256(data).hexdigest(): data}, hint(
            "The bytes of the object are those of the file, whatever they are: no text is "
            "decoded, no line end is changed, and the name is the SHA-256 of all of them."
        )


@points(2)
def test_upload_sends_nothing_twice(student, bucket, rng):
    """A second upload of the same content sends no bytes."""
    url, data = place(bucket, rng), rng.bytes(int(rng.integers(5_000, 9_000)))
    with bucket.watch() as facts:
        student.run(uploaded, student.ref("upload"), data, url, 3)
    assert facts.bytes_up == len(data), hint(
        "The bytes were sent once each time. Ask whether the object is there before you send it: "
        "the same name means the same bytes."
    )


@points(3)
def test_read_range_serves_these_bytes_only(student, bucket, rng):
    """For random ranges, one request is made, and the store sends what is returned."""
    url, data = place(bucket, rng), rng.bytes(400_000)
    lay(bucket, url, {"x": data})
    for _ in range(4):
        start, stop = sorted(int(at) for at in rng.choice(400_000, 2, replace=False))
        with bucket.watch() as facts:
            found = student.read_range(f"{url}/x", start, stop)
        assert found == data[start:stop], hint("The bytes from `start` on and before `stop`.")
        assert facts.bytes_down == stop - start, hint(
            "The store sent more than was returned: a slice of the whole object has read the whole "
            "object. Ask for the range itself."
        )
        about_it = {kind: n for kind, n in facts.by_kind.items() if kind.startswith("objects.")}
        assert about_it == {"objects.read": 1}, hint(
            "One request is enough for a range. To open a file, or to ask for its size, is another."
        )


@points(1)
def test_read_range_may_be_empty(student, bucket, rng):
    """An empty range is empty, and asks nothing of the store."""
    url, at = place(bucket, rng), int(rng.integers(1, 99))
    lay(bucket, url, {"x": rng.bytes(100)})
    with bucket.watch() as facts:
        found = student.read_range(f"{url}/x", at, at)
    assert found == b"", hint("From 5 on and before 5 there is nothing.")
    assert facts.bytes_down == 0, hint("No range of HTTP is empty: do not ask for one.")


@points(3)
def test_storage_cost_of_random_classes(student, rng):
    """Random prices, minimum durations, times and readings."""
    for _ in range(20):
        price = {
            "gib_month": float(rng.random() / 10),
            "gib_read": float(rng.random() / 10),
            "least_days": int(rng.integers(0, 400)),
        }
        gib, days, reads = float(rng.random() * 900), float(rng.random() * 500), rng.integers(5)
        paid = max(days, price["least_days"]) * 24 / 730 * price["gib_month"]
        expected = gib * (paid + price["gib_read"] * int(reads))
        found = student.storage_cost(gib, days, int(reads), price)
        assert math.isclose(found, expected, rel_tol=1e-9), hint(
            "Take all prices from `price`. Storage is counted by the hour and not by whole months, "
            "for as long as it is there or for the minimum, whichever is longer. Every reading is "
            "paid."
        )


@points(2)
def test_move_leaves_the_bytes_where_they_are(student, bucket, rng):
    """While random objects are moved, no byte of theirs leaves the store or comes to it."""
    url, count = place(bucket, rng), int(rng.integers(5, 12))
    data = {f"old/{rng.bytes(3).hex()}/{number}": rng.bytes(300) for number in range(count)}
    lay(bucket, url, data | {"old": b"not below", "older/x": b"not below"})
    with bucket.watch() as facts:
        found = student.run(moved, student.ref("move"), f"{url}/old", f"{url}/new")
    there = {f"new{name.removeprefix('old')}": content for name, content in data.items()}
    assert below(bucket, url) == there | {"old": b"not below", "older/x": b"not below"}, hint(
        "What stands behind the old place in a name stands behind the new one. `old` and `older/x` "
        "begin with the same letters as `old/`, but not with the slash."
    )
    assert found == count, hint("Return how many objects were moved.")
    assert (facts.bytes_down, facts.bytes_up) == (0, 0), hint(
        "The bytes made a journey to you and back. The store can copy within itself."
    )


@points(2)
def test_move_loses_nothing_when_it_is_broken_off(student, bucket, rng):
    """The new names are too long for the store: the objects are still at their old place."""
    url, long = place(bucket, rng), "n" * 1020
    data = {f"old/{number}": rng.bytes(20) for number in range(4)}
    lay(bucket, url, data)
    found = student.run(moved, student.ref("move"), f"{url}/old", f"{url}/{long}")
    kept = {name: bucket.get(f"{name_of(bucket, url)}/{name}") for name in data}
    assert kept == data, hint(
        "The store refused a copy, and the object was gone already. First the new name, then the "
        "old one away."
    )
    assert found == -1, hint("A refusal of the store is handed on as it is.")
