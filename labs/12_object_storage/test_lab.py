"""The visible tests of lab 12: what lies in the bucket, and what was asked of the store."""

import hashlib
import json

import pytest

from autograder.testing import hint, points
from infra import Faults
from places import below, lay, name_of, place, weeks_of_trips
from probes import moved, planned, published, uploaded


@points(1)
def test_upload_stores_the_content(student, bucket, rng):
    """The object holds the bytes of the file."""
    url, data = place(bucket, rng), b"zone,fare\r\nZ0,7\r\n" * 20
    student.run(uploaded, student.ref("upload"), data, url)
    assert list(below(bucket, url).values()) == [data], hint(
        "Look at what the object holds: `get(url)`. A path is a text, too, and is uploaded as one "
        "if you hand it over as the content."
    )


@points(1)
def test_upload_names_the_object_by_its_hash(student, bucket, rng):
    """The object's name is the SHA-256 of the content, and its URL is returned."""
    url, data = place(bucket, rng), b"hello"
    found = student.run(uploaded, student.ref("upload"), data, url)
    digest = hashlib.sha256(data).hexdigest()
    assert list(below(bucket, url)) == [digest], hint(
        "The name is made of the file's bytes alone: SHA-256, 64 hexadecimal digits, nothing else."
    )
    assert found == f"{url}/{digest}", hint("The URL of the object is returned.")


@points(2)
def test_read_range_is_a_slice(student, bucket, rng):
    """The bytes from `start` on and before `stop`, as Python's slices count."""
    url = place(bucket, rng)
    lay(bucket, url, {"digits": b"0123456789"})
    for start, stop in ((2, 5), (0, 1), (0, 10), (7, 100)):
        found = student.read_range(f"{url}/digits", start, stop)
        assert found == b"0123456789"[start:stop], hint(
            "`stop` is not included. Some clients count as Python does; HTTP and Google's client "
            "include the end of a range."
        )


@points(1)
def test_storage_cost_of_a_month_and_of_reading(student):
    """100 GiB for 730 hours in a class at 0.02, read twice at 0.01 a GiB: 4 dollars."""
    price = {"gib_month": 0.02, "gib_read": 0.01, "least_days": 0}
    found = student.storage_cost(100, 730 / 24, 2, price)
    assert found == pytest.approx(4.0), hint(
        "Storage is 100 × 0.02, as 730 hours are a month; reading is 100 × 0.01, for each time."
    )


@points(1)
def test_storage_cost_has_a_minimum_duration(student):
    """Deleted after 10 days, where 30 are the minimum: 30 days are paid."""
    price = {"gib_month": 0.01, "gib_read": 0.0, "least_days": 30}
    found = student.storage_cost(100, 10, 0, price)
    assert found == pytest.approx(100 * 0.01 * 30 * 24 / 730), hint(
        "Who deletes before the minimum pays as if it had been deleted on that day: not less, and "
        "not the days before on top of it."
    )


@points(2)
def test_move_gives_new_names(student, bucket, rng):
    """Each object has its new name and its bytes, and how many there were is returned."""
    url = place(bucket, rng)
    lay(bucket, url, {"raw/a": b"1", "raw/deep/b": b"22", "raw-old/c": b"333"})
    count = student.run(moved, student.ref("move"), f"{url}/raw", f"{url}/2026/raw")
    there = {"2026/raw/a": b"1", "2026/raw/deep/b": b"22", "raw-old/c": b"333"}
    assert below(bucket, url) == there, hint(
        "`raw/deep/b` is below `raw`, and is moved; `raw-old/c` begins with the same letters, but "
        "it is not below it. What was moved is no longer at its old place."
    )
    assert count == 2, hint("Return how many objects were moved.")


@points(2)
def test_fetch_all_keeps_the_order(student, bucket, rng):
    """The answers stand in the order of the questions, whichever comes first."""
    url = place(bucket, rng)
    data = {f"{number}": rng.bytes(60_000 // (number + 1)) for number in range(6)}
    lay(bucket, url, data)
    with bucket.faults(Faults(bandwidth=1e6)):  # so the first takes the longest
        found = student.fetch_all([f"{url}/{name}" for name in data], 6)
    assert found == list(data.values()), hint(
        "The first bytes belong to the first URL. The answers come in any order."
    )


@points(1)
def test_fetch_all_of_nothing_and_of_nobody(student, bucket, rng):
    """No URLs give an empty list; an object that is not there raises FileNotFoundError."""
    url = bucket.put(name_of(bucket, place(bucket, rng)), b"x")
    assert student.fetch_all([], 3) == [], hint("No URLs, no bytes: an empty list.")
    with student.raises("FileNotFoundError"):
        student.fetch_all([url, url + "-missing"], 3)


@points(2)
def test_publish_lays_down_parts_and_manifest(student, bucket, rng):
    """Parts lie under their hashes, the manifest tells which name has which, and comes last."""
    url, parts = place(bucket, rng), {"a.csv": b"1,2", "b.csv": b"3,4", "c.csv": b"5,6"}
    with bucket.watch() as facts:
        found = student.run(published, student.ref("publish"), url, parts)
    assert found == f"{url}/manifest.json", hint("Return the URL of the manifest.")
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    there = below(bucket, url)
    told = there.pop("manifest.json", b"{}")
    assert there == {f"parts/{hashes[name]}": parts[name] for name in parts}, hint(
        "Each part is one object: `{url}/parts/` and the SHA-256 of its bytes."
    )
    assert json.loads(told) == hashes, hint("The manifest maps names to hashes, as JSON.")
    assert facts.written[-1].endswith("/manifest.json"), hint(
        "Whoever finds the manifest relies on the parts: they have to be there before it."
    )


@points(1)
def test_publish_asks_again_after_503(student, bucket, rng):
    """Every request is answered 503 twice, and the dataset is published all the same."""
    url, parts = place(bucket, rng), {"a.csv": b"1,2", "b.csv": b"3,4"}
    with bucket.faults(Faults(unavailable=1, most=2)):
        found = student.run(published, student.ref("publish"), url, parts)
    assert (found, len(below(bucket, url))) == (f"{url}/manifest.json", 3), hint(
        "503 means: not now. Ask again, reading and writing alike, five times in all."
    )


@points(2)
def test_dask_read_gives_the_weeks_in_order(student, bucket, rng):
    """A partition for each week, with the rows of its file and the columns asked for."""
    url = place(bucket, rng)
    tables, _ = weeks_of_trips(bucket, url, rng, weeks=4, rows=500)
    weeks = ["2026-W02", "2026-W04"]
    parts = student.run(planned, student.ref("dask_read"), url, weeks, ["zone", "fare_cents"])
    assert parts is not None, hint("Return a Dask DataFrame: a plan.")
    assert [len(part) for part in parts] == [500, 500], hint(
        "One partition a week that was asked for, with all of its rows."
    )
    assert list(parts[0]) == ["zone", "fare_cents"], hint(
        "The columns that were asked for, in this order, and no other: no `week` either."
    )
    for week, part in zip(weeks, parts, strict=True):
        assert list(part["fare_cents"]) == list(tables[week]["fare_cents"]), hint(
            "The partitions come in the order of the weeks, the rows in the order of the file."
        )


@points(1)
def test_dask_read_opens_the_files_of_these_weeks(student, bucket, rng):
    """Planned and computed, it opens no file of another week, but for one."""
    url = place(bucket, rng)
    weeks_of_trips(bucket, url, rng, weeks=8, rows=500)
    weeks = ["2026-W03", "2026-W05"]
    with bucket.watch() as facts:
        student.run(planned, student.ref("dask_read"), url, weeks, ["fare_cents"])
    opened = {name.split("week=")[1][:8] for name in facts.objects if name.endswith(".parquet")}
    assert len(opened - set(weeks)) <= 1, hint(
        "Files of other weeks were opened. The week stands in the name: a file can be left out "
        "without being asked. Look for what the reader offers before you filter rows."
    )
