"""The hidden tests of lab 12, tasks 5 to 7: many requests, faults, and a table in files."""

import json

from autograder.testing import hint, points
from infra import Faults
from places import below, lay, place, weeks_of_trips
from probes import only_planned, planned, published


@points(3)
def test_fetch_all_waits_for_many_at_once(student, bucket, rng):
    """With a slow store, as many requests are under way as are allowed, and no more."""
    url, at_once = place(bucket, rng), int(rng.integers(8, 14))
    names = [f"{number}" for number in range(3 * at_once)]
    lay(bucket, url, {name: name.encode() for name in names})
    with bucket.faults(Faults(latency=0.06)), bucket.watch() as facts:
        found = student.fetch_all([f"{url}/{name}" for name in names], at_once)
    assert found == [name.encode() for name in names], hint("The bytes, in the order of the URLs.")
    assert facts.at_once <= at_once, hint(
        "More requests were under way than `at_once`. `gather` starts all that it is given: "
        "something has to let in so many at a time."
    )
    assert facts.at_once > at_once // 2, hint(
        "The requests waited for each other. Ask for the next one while the answers are on their "
        "way; and mind that some pools are smaller than you think."
    )


@points(1)
def test_fetch_all_with_repetitions(student, bucket, rng):
    """A URL that stands in the list several times has its bytes in each of its places."""
    url = place(bucket, rng)
    lay(bucket, url, {name: rng.bytes(50) for name in "abc"})
    names = [str(name) for name in rng.choice(list("abc"), 10)]
    there = below(bucket, url)
    found = student.fetch_all([f"{url}/{name}" for name in names], 3)
    assert found == [there[name] for name in names], hint(
        "There is an answer for each URL of the list, also for one that comes again."
    )


def some_parts(rng):
    """Three to six parts of random bytes."""
    return {f"{number}.bin": rng.bytes(200) for number in range(int(rng.integers(3, 7)))}


@points(3)
def test_publish_survives_lost_answers(student, bucket, rng):
    """Every request is done, and its first answer lost: the dataset is published."""
    url, parts = place(bucket, rng), some_parts(rng)
    with bucket.faults(Faults(lost=1, most=1)):
        found = student.run(published, student.ref("publish"), url, parts)
    assert found == f"{url}/manifest.json", hint(
        "An answer was lost, and the second try met what the first had done. That something is "
        "there already is no failure if it is what you wanted to have there: compare."
    )
    assert len(below(bucket, url)) == len(parts) + 1, hint("Each part is one object.")


@points(2)
def test_publish_again_sends_nothing(student, bucket, rng):
    """The same parts once more: the same answer, and not a byte is sent."""
    url, parts = place(bucket, rng), some_parts(rng)
    student.run(published, student.ref("publish"), url, parts)
    with bucket.watch() as facts:
        found = student.run(published, student.ref("publish"), url, parts)
    assert found == f"{url}/manifest.json", hint("Published is published: the same URL again.")
    assert facts.bytes_up == 0, hint(
        "Bytes were sent again. The manifest tells what is there: look at it first."
    )


@points(2)
def test_publish_does_not_replace_another(student, bucket, rng):
    """Other parts at the same place are refused, and what was published stays."""
    url, parts = place(bucket, rng), some_parts(rng)
    student.run(published, student.ref("publish"), url, parts)
    before = below(bucket, url)
    changed = parts | {"0.bin": rng.bytes(200)}
    with student.raises("FileExistsError"):
        student.publish(url, changed, 0.001)
    after = below(bucket, url)
    assert after["manifest.json"] == before["manifest.json"], hint(
        "What was published was replaced under its readers. One publication has one winner."
    )
    assert {name: after.get(name) for name in before} == before, hint(
        "Parts of what was published are gone or changed."
    )


@points(2)
def test_publish_gives_up_after_five_tries(student, bucket, rng):
    """After four failures of each upload the fifth succeeds; after five it is given up."""
    parts, found = some_parts(rng), {}
    for failures in (4, 5):
        url = place(bucket, rng)
        with bucket.faults(Faults(unavailable=1, most=failures, kinds=("objects.insert",))):
            found[failures] = student.run(published, student.ref("publish"), url, parts)
    assert found[4] is not None, hint("A request is tried five times, not less.")
    assert found[5] is None, hint(
        "A request is tried five times in all, and then the ConnectionError is handed on: who asks "
        "for ever is a load for a store that is down."
    )
    assert below(bucket, url) == {}, hint("A manifest without its parts is a promise broken.")


@points(1)
def test_publish_has_its_manifest_last(student, bucket, rng):
    """With faults of every kind, the manifest is written after all parts."""
    url, parts = place(bucket, rng), some_parts(rng)
    faults = Faults(unavailable=0.2, throttled=0.1, cut=0.2, lost=0.2, seed=int(rng.integers(99)))
    with bucket.faults(faults), bucket.watch() as facts:
        student.run(published, student.ref("publish"), url, parts)
    first = [name.endswith("/manifest.json") for name in facts.written].index(True)
    assert len(set(facts.written[:first])) == len(parts), hint(
        "When the manifest came to be, some parts were missing."
    )
    assert set(json.loads(below(bucket, url)["manifest.json"])) == set(parts), hint(
        "The manifest names all parts."
    )


@points(3)
def test_dask_read_is_content_with_few_bytes(student, bucket, rng):
    """Random weeks of larger files, one column: half of their bytes stay in the store."""
    url = place(bucket, rng)
    tables, sizes = weeks_of_trips(bucket, url, rng, weeks=5, rows=30_000)
    weeks = sorted(str(week) for week in rng.choice(list(sizes), 3, replace=False))
    column = str(rng.choice(["fare_cents", "distance_m", "tip_cents"]))
    with bucket.watch() as facts:
        parts = student.run(planned, student.ref("dask_read"), url, weeks, [column])
    assert parts is not None, hint("Return a Dask DataFrame: a plan.")
    for week, part in zip(weeks, parts, strict=True):
        assert int(part[column].sum()) == int(tables[week][column].sum()), hint(
            "A partition has the values of its week's file."
        )
    assert facts.bytes_down < sum(sizes[week] for week in weeks) / 2, hint(
        "Too many bytes came. Not everything that takes `columns=` asks the store for these "
        "columns only: some read whole files, and some read ahead. Look at `facts.bytes_down`."
    )
    assert facts.by_kind["objects.read"] <= 8 * len(weeks), hint(
        "Too many requests for bytes. Each waits for the network: few ranges, and no small blocks."
    )


@points(2)
def test_dask_read_leaves_the_rows_to_the_tasks(student, bucket, rng):
    """While the plan is made, less than a fifth of the files' bytes comes."""
    url, columns = place(bucket, rng), ["zone", "pickup", "distance_m", "fare_cents"]
    _, sizes = weeks_of_trips(bucket, url, rng, weeks=5, rows=30_000)
    with bucket.watch() as facts:
        student.run(only_planned, student.ref("dask_read"), url, sorted(sizes), columns)
    assert facts.bytes_down < sum(sizes.values()) / 5, hint(
        "The rows were read while the plan was made, by this process. A plan needs names and "
        "types, which stand at the end of a file."
    )
