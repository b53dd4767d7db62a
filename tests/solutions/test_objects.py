"""The modules of unit 12 against a real store: what they leave there, and what they ask of it."""

import asyncio
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from dask import config

from infra import Bucket, Faults, bucket, partition
from solutions.fanout import fetch_all
from solutions.objects import get, move, put, read_range, upload
from solutions.prices import PRICES, READ, storage_cost
from solutions.publish import publish
from solutions.remote import dask_read


@pytest.fixture(scope="module")
def lab() -> Iterator[Bucket]:
    with bucket() as made:
        yield made


@pytest.fixture(autouse=True)
def _no_faults(lab: Bucket) -> Iterator[None]:
    with config.set(scheduler="sync"):
        yield
    lab.inject(Faults())


def test_upload_sends_content_once_and_a_range_is_a_range(lab: Bucket, tmp_path: Path):
    path, data = tmp_path / "ü.bin", b"\r\n0123\xff" * 100
    path.write_bytes(data)
    with lab.watch() as facts:
        url = upload(str(path), f"{lab.url}/raw")
        assert upload(str(path), f"{lab.url}/raw") == url
    assert (url.rpartition("/")[2], facts.bytes_up) == (hashlib.sha256(data).hexdigest(), len(data))
    with lab.watch() as facts:
        assert read_range(url, 2, 6) == b"0123"
        assert read_range(url, 690, 9_000) == data[690:]
        assert read_range(url, 3, 3) == b""
    assert (facts.requests, facts.bytes_down) == (2, 14)


def test_move_takes_what_is_below_and_no_bytes_travel(lab: Bucket):
    for name in ("a/x", "a/b/y", "a-b/z", "a"):
        lab.put(f"m/{name}", name.encode())
    with lab.watch() as facts:
        assert move(f"{lab.url}/m/a", f"{lab.url}/m/new/a") == 2
    there = [name for name in lab.names() if name.startswith("m/")]
    assert there == ["m/a", "m/a-b/z", "m/new/a/b/y", "m/new/a/x"]
    assert (lab.get("m/new/a/b/y"), facts.bytes_up + facts.bytes_down) == (b"a/b/y", 0)


def test_one_request_says_what_became_of_it(lab: Bucket):
    url = f"{lab.url}/one"
    assert get(url) is None
    lab.inject(Faults(lost=1, most=1, kinds=("objects.insert",)))
    with pytest.raises(ConnectionError):
        put(url, b"mine", new=True)
    with pytest.raises(FileExistsError):
        put(url, b"mine", new=True)
    lab.inject(Faults(throttled=1, most=1, kinds=("objects.read",)))
    with pytest.raises(ConnectionError, match="429"):
        get(url)
    assert get(url) == b"mine"


def test_publish_is_whole_once_and_for_all(lab: Bucket):
    url, parts = f"{lab.url}/report", {"a": b"1", "b": b"22", "same": b"1"}
    lab.inject(Faults(unavailable=0.3, cut=0.2, lost=0.3, seed=1))
    with lab.watch() as facts:
        publish(url, parts, wait=0.001)
    assert facts.injected > 0
    assert facts.written[-1] == "outgrow/report/manifest.json"
    assert json.loads(lab.get("report/manifest.json") or b"") == {
        name: hashlib.sha256(data).hexdigest() for name, data in parts.items()
    }
    with lab.watch() as facts:
        publish(url, parts, wait=0.001)
    assert facts.bytes_up == 0
    with pytest.raises(FileExistsError, match="other parts"):
        publish(url, {"a": b"other"}, wait=0.001)
    lab.inject(Faults(unavailable=1, most=99))
    with pytest.raises(ConnectionError):
        publish(f"{lab.url}/never", parts, wait=0.001)


@pytest.mark.parametrize("at_once", [1, 5])
def test_fetch_all_has_so_many_under_way(at_once: int):
    with bucket() as alone:  # what another test's client still asks for would be counted, too
        urls = [alone.put(f"f/{number}", b"%d" % number) for number in range(15)]
        alone.inject(Faults(latency=0.01))
        with alone.watch() as facts:
            found = asyncio.run(fetch_all([*urls, urls[0]], at_once))
        assert (found[-2:], facts.at_once) == ([b"14", b"0"], at_once), alone.log()
        with pytest.raises(FileNotFoundError):
            asyncio.run(fetch_all([f"{alone.url}/f/none"], at_once))


def test_a_minimum_duration_is_paid():
    price = {"gib_month": 0.73, "gib_read": 0.5, "least_days": 10}
    assert storage_cost(2, 5, 0, price) == storage_cost(2, 10, 0, price) == pytest.approx(0.48)
    assert storage_cost(2, 20, 3, price) == pytest.approx(0.96 + 3)
    assert date.fromisoformat(READ) < date.today()
    order = sorted(PRICES, key=lambda name: -PRICES[name]["gib_month"])
    assert order == sorted(PRICES, key=lambda name: PRICES[name]["least_days"])


def test_dask_read_opens_what_it_was_told(lab: Bucket):
    tables = [partition("trips", week, rows=60_000, partitions=3) for week in range(3)]
    for week, made in enumerate(tables):
        file = io.BytesIO()
        pq.write_table(made, file)
        lab.put(f"trips/week=2026-W{week + 1:02}/part-0.parquet", file.getvalue())
    with lab.watch() as facts:
        plan = dask_read(f"{lab.url}/trips", ["2026-W02", "2026-W03"], ["tip_cents"])
        found = plan.compute()
    assert (plan.npartitions, list(found)) == (2, ["tip_cents"])
    expected = [value for made in tables[1:] for value in made["tip_cents"].to_pylist()]
    assert found["tip_cents"].to_list() == expected
    assert facts.by_kind["objects.read"] <= 16
