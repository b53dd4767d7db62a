"""What the store promises when things go wrong: a kill, a rotten disk, a full one, a crowd."""

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gcsfs
import pytest
import requests
from gcsfs.retry import HttpError

from infra import bucket
from infra.store.blob import BLOCK
from infra.store.handle import Store
from tests.infra.store_client import Client


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store")
    store.create("lab")
    yield store
    store.close()


def content(number: int) -> bytes:
    return number.to_bytes(4, "big") * (500 + 97 * number)


def test_a_killed_store_has_every_acknowledged_object_and_none_half(store: Store, tmp_path: Path):
    acknowledged: list[int] = []
    enough = threading.Event()

    def upload(number: int) -> None:
        client = Client(store.address, "lab")
        try:
            if client.put(f"object-{number}", content(number)).status_code == 200:
                acknowledged.append(number)
        except requests.RequestException:
            pass
        finally:
            client.http.close()
            if len(acknowledged) >= 60:
                enough.set()

    with ThreadPoolExecutor(16) as pool:
        jobs = [pool.submit(upload, number) for number in range(200)]
        assert enough.wait(60)
        os.kill(store.pid, signal.SIGKILL)
        for job in jobs:
            job.result()
    assert 60 <= len(acknowledged) < 200
    found = after_restart(tmp_path / "store")
    assert set(acknowledged) <= set(found)
    assert [number for number, data in found.items() if data != content(number)] == []
    assert not list((tmp_path / "store").glob("*/.draft-*"))


def after_restart(folder: Path) -> dict[int, bytes]:
    """The objects of the killed store, as another store on its folder serves them."""
    again = Store(folder)
    client = Client(again.address, "lab")
    items = client("GET", "b/lab/o").json()["items"]
    found = {int(item["name"].split("-")[1]): client.get(item["name"]).content for item in items}
    client.http.close()
    again.close()
    return found


def test_what_was_told_of_objects_and_buckets_outlives_the_store(store: Store, tmp_path: Path):
    client = Client(store.address, "lab")
    client.put("x", b"1")
    client("PATCH", client.path("x"), json={"metadata": {"a": "ü"}})
    client("PATCH", "b/lab", json={"labels": {"unit": "12"}})
    before = client("GET", client.path("x")).json(), client("GET", "b/lab").json()
    store.close()
    again = Store(tmp_path / "store")
    client.address = again.address
    after = client("GET", client.path("x")).json(), client("GET", "b/lab").json()
    newer = client.put("x", b"2").json()["generation"]
    client.http.close()
    again.close()
    links = ("selfLink", "mediaLink")
    assert {k: v for k, v in after[0].items() if k not in links} == {
        k: v for k, v in before[0].items() if k not in links
    }
    assert (after[1], int(newer) > int(before[0]["generation"])) == (before[1], True)


def test_a_rotten_byte_on_the_disk_is_told_to_who_reads_it(tmp_path: Path):
    data = bytes(3 * BLOCK)
    with bucket("lab", folder=tmp_path / "store"):
        fs = gcsfs.GCSFileSystem()
        fs.pipe_file("lab/x", data)
        (file,) = (path for path in (tmp_path / "store" / "lab").iterdir() if path.name[0] != ".")
        with file.open("r+b") as blob:
            blob.seek(BLOCK + 5)
            blob.write(b"\x01")
        assert fs.cat_file("lab/x", start=0, end=BLOCK) == data[:BLOCK]
        for start, end in ((None, None), (BLOCK + 100, BLOCK + 101)):
            with pytest.raises(HttpError, match="are not those that were uploaded"):
                fs.cat_file("lab/x", start=start, end=end)
        with pytest.raises(HttpError, match="are not those that were uploaded"):
            fs.cp_file("lab/x", "lab/y")


def test_a_rotten_record_is_told_at_the_next_start(store: Store, tmp_path: Path):
    client = Client(store.address, "lab")
    client.put("x", b"1")
    client.http.close()
    (file,) = (path for path in (tmp_path / "store" / "lab").iterdir() if path.name[0] != ".")
    store.close()
    file.write_bytes(file.read_bytes().replace(b'"size": 1', b'"size": 2'))
    listener, (line, theirs) = socket.create_server(("127.0.0.1", 0)), socket.socketpair()
    with listener, line, theirs:
        fds = listener.fileno(), theirs.fileno()
        told = (*map(str, fds), file.parents[1], "", "{}")
        command = [sys.executable, "-m", "infra.store.process", *told]
        ran = subprocess.Popen(command, pass_fds=fds, stderr=subprocess.PIPE, text=True)
        theirs.close()
        line.shutdown(socket.SHUT_RDWR)
        _, said = ran.communicate(timeout=30)
    assert f"{file}: its record is damaged" in said
    assert file.exists()


def test_a_full_disk_is_told_and_nothing_is_lost(store: Store):
    client = Client(store.address, "lab")
    client.put("x", b"before")
    resource.prlimit(store.pid, resource.RLIMIT_FSIZE, (100_000, 100_000))
    refused = client.put("x", bytes(200_000))
    assert (refused.status_code, "disk is full" in refused.text) == (507, True)
    assert client.get("x").content == b"before"
    assert client.put("y", b"small").status_code == 200
    client.http.close()


def test_a_crowd_of_writers_is_served_and_only_one_is_the_first(store: Store):
    start = threading.Barrier(64)

    def work(number: int) -> tuple[int, bool]:
        client = Client(store.address, "lab")
        start.wait(60)
        first = client.put("claim", content(number), ifGenerationMatch=0).status_code
        client.put(f"own-{number}", content(number))
        whole = client.get(f"own-{number}").content == content(number)
        client.put("shared", content(number))
        shared = client.get("shared").content
        client.http.close()
        return first, whole and shared == content(int.from_bytes(shared[:4], "big"))

    with ThreadPoolExecutor(64) as pool, store.watch() as facts:
        results = list(pool.map(work, range(64)))
    assert sorted(first for first, _ in results) == [200] + [412] * 63
    assert all(whole for _, whole in results)
    assert (facts.requests, facts.failed, facts.at_once > 1) == (5 * 64, 63, True)


def test_an_upload_that_breaks_off_leaves_nothing(store: Store, tmp_path: Path):
    address = store.address.removeprefix("http://").split(":")
    head = "POST /upload/storage/v1/b/lab/o?uploadType=media&name=half HTTP/1.1\r\n"
    with store.watch() as facts, socket.create_connection((address[0], int(address[1]))) as sock:
        sock.sendall(f"{head}Host: x\r\nContent-Length: {5 * 2**30}\r\n\r\n".encode() + b"x" * 9999)
        while not store_has_draft(tmp_path):
            pass
        sock.shutdown(socket.SHUT_RDWR)
        while store_has_draft(tmp_path):
            pass
    assert (facts.by_kind, facts.failed) == ({"objects.insert": 1}, 1)
    client = Client(store.address, "lab")
    assert client.get("half").status_code == 404
    client.http.close()


def store_has_draft(folder: Path) -> bool:
    return bool(list(folder.glob("store/lab/.draft-*")))
