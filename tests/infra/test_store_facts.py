"""A bucket with faults, and what its log tells: retries, bytes, objects, order or not."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gcsfs
import pytest
import requests

from infra import Bucket, Faults, bucket, connect_bucket
from tests.infra.store_client import Client


@pytest.fixture(scope="module")
def lab() -> Iterator[Bucket]:
    with bucket("lab") as made:
        yield made


@pytest.fixture
def client(lab: Bucket) -> Iterator[Client]:
    client = Client(lab.ours.address, "lab")
    yield client
    lab.inject(Faults())
    client.http.close()


def test_facts_count_what_was_done_and_to_what(lab: Bucket, client: Client):
    with lab.watch() as facts:
        client.put("a", b"12345")
        client.get("a", "bytes=1-2")
        client.get("a", "bytes=1-2")
        client("GET", client.path("a"))
        client("GET", "b/lab/o")
        client.get("missing")
        with pytest.raises(AttributeError, match="leave the `with` block first"):
            _ = facts.requests
    assert (facts.requests, facts.bytes_up, facts.bytes_down) == (6, 5, 4)
    assert facts.by_kind == {
        "objects.insert": 1, "objects.read": 3, "objects.get": 1, "objects.list": 1,
    }  # fmt: skip
    assert (facts.failed, facts.retries, facts.injected, facts.at_once) == (1, 0, 0, 1)
    assert (facts.objects, facts.written) == (("lab/a", "lab/missing"), ("lab/a",))
    with lab.watch() as facts:
        pass
    assert (facts.requests, facts.objects) == (0, ())


@pytest.mark.usefixtures("client")
def test_gcsfs_retries_an_injected_503_and_it_is_counted(lab: Bucket):
    lab.inject(Faults(unavailable=1, most=1, kinds=("objects.insert",)))
    fs = gcsfs.GCSFileSystem()
    with lab.watch() as facts:
        fs.pipe({"lab/r/1": b"a", "lab/r/2": b"b"})
    lab.inject(Faults())
    assert fs.cat("lab/r/*") == {"lab/r/1": b"a", "lab/r/2": b"b"}
    assert (facts.by_kind["objects.insert"], facts.injected, facts.retries) == (4, 2, 2)
    assert facts.objects == ("lab/r/1", "lab/r/2")


def test_a_lost_answer_leaves_the_object_and_a_condition_tells(lab: Bucket, client: Client):
    lab.inject(Faults(lost=1, most=1))
    with lab.watch() as facts:
        with pytest.raises(requests.ConnectionError):
            client.put("once", b"x", ifGenerationMatch=0)
        assert client.put("once", b"x", ifGenerationMatch=0).status_code == 412
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            client.get("once")
    assert (facts.injected, facts.retries, facts.failed) == (2, 1, 3)


def test_a_cut_connection_leaves_nothing(lab: Bucket, client: Client):
    lab.inject(Faults(cut=1, most=1))
    with pytest.raises(requests.ConnectionError):
        client.put("cut", b"x")
    lab.inject(Faults(throttled=1, most=1))
    assert client.get("cut").status_code == 429
    assert client.get("cut").status_code == 404


def outcomes(client: Client, workers: int) -> dict[str, int]:
    """What became of forty uploads, by name, made by so many threads."""
    names = [f"drawn-{number}" for number in range(40)]
    with ThreadPoolExecutor(workers) as pool:
        answers = pool.map(lambda name: client.put(name, b"x").status_code, names)
        return dict(zip(names, answers, strict=True))


def test_the_same_seed_fails_the_same_requests_in_any_order(lab: Bucket, client: Client):
    plan: dict[str, Any] = {"unavailable": 0.3, "throttled": 0.2}
    runs = []
    for seed, workers in ((5, 1), (5, 8), (6, 1)):
        lab.inject(Faults(seed=seed, **plan))
        runs.append(outcomes(client, workers))
    assert runs[0] == runs[1] != runs[2]
    assert {200, 429, 503} == set(runs[0].values())


def test_latency_and_bandwidth_take_their_time(lab: Bucket, client: Client):
    client.put("slow", bytes(1_000_000))
    lab.inject(Faults(latency=0.05, bandwidth=10**7))
    begun = time.monotonic()
    assert len(client.get("slow").content) == 1_000_000
    assert time.monotonic() - begun >= 0.05 + 0.1  # never less, however slow the machine


def test_batches_count_once_as_request_and_each_part_as_operation(lab: Bucket):
    from google.cloud import storage

    google = storage.Client(project="outgrow")
    home = google.bucket("lab")
    for name in ("b1", "b2"):
        home.blob(name).upload_from_string(name)
    with lab.watch() as facts, google.batch():
        home.blob("b1").delete()
        home.blob("b2").delete()
    assert (facts.requests, facts.by_kind) == (1, {"batch": 1, "objects.delete": 2})
    assert facts.objects == ("lab/b1", "lab/b2")
    google.close()


def test_resumed_pieces_are_counted_without_their_envelope(lab: Bucket):
    with lab.watch() as facts, gcsfs.GCSFileSystem().open("lab/p", "wb", block_size=2**18) as file:
        file.write(bytes(700_000))  # type: ignore[arg-type]
    assert facts.bytes_up == 700_000
    assert set(facts.by_kind) >= {"uploads.start", "uploads.piece"}


@pytest.mark.parametrize(
    "wrong",
    [{"lost": 1.5}, {"cut": -0.1}, {"cut": 0.6, "lost": 0.6}, {"latency": -1}, {"bandwidth": 0}],
)
def test_a_plan_that_is_none_is_refused(wrong: dict[str, float]):
    with pytest.raises(ValueError, match="Faults: "):
        Faults(**wrong)  # type: ignore[arg-type]


def test_a_bucket_points_the_process_at_itself_and_away_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://elsewhere")
    with bucket("first") as outer:
        gcsfs.GCSFileSystem().pipe_file("first/x", b"1")
        with bucket("first") as inner:
            assert os.environ["STORAGE_EMULATOR_HOST"] == inner.ours.address
            assert gcsfs.GCSFileSystem().ls("first") == []
        assert os.environ["STORAGE_EMULATOR_HOST"] == outer.ours.address
        assert gcsfs.GCSFileSystem().cat_file("first/x") == b"1"
    assert os.environ["STORAGE_EMULATOR_HOST"] == "http://elsewhere"
    with pytest.raises(RuntimeError, match="process has ended"):
        outer.log()


def test_a_name_that_gcs_refuses_is_refused():
    with pytest.raises(ValueError, match="no bucket's name"), bucket("No"):
        pass


def test_a_notebook_gets_the_bucket_that_is_there(monkeypatch: pytest.MonkeyPatch):
    from infra.store import bucket as module

    for name in ("STORAGE_EMULATOR_HOST", "OUTGROW_BUCKET"):
        monkeypatch.delenv(name, raising=False)
    private = connect_bucket()
    assert connect_bucket() is private
    with private.watch() as facts:
        gcsfs.GCSFileSystem().pipe_file(f"{private.url}/x", b"1")
    assert facts.objects == ("outgrow/x",)
    module._stop()
    assert "STORAGE_EMULATOR_HOST" not in os.environ
    monkeypatch.setenv("OUTGROW_BUCKET", "gs://mine/")
    assert connect_bucket() == Bucket("gs://mine")
    monkeypatch.setenv("OUTGROW_BUCKET", "mine")
    with pytest.raises(ValueError, match="OUTGROW_BUCKET=mine: give a URL"):
        connect_bucket()
