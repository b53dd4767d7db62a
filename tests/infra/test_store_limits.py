"""What a store bears, and who else than its starter may speak with it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import gcsfs
import pytest

from infra import bucket
from infra.store.handle import Store
from infra.store.limits import Limits
from tests.infra.store_client import Client

ELSEWHERE = """
import fsspec
from infra import Faults, connect_bucket
lab = connect_bucket()
with lab.watch() as facts:
    fsspec.filesystem("gs").pipe_file(lab.url + "/x", b"1")
lab.inject(Faults(unavailable=1, kinds=("objects.list",)))
print(lab.url, facts.by_kind["objects.insert"])
"""


def test_a_store_closes_connections_that_are_too_many_and_serves_again():
    store = Store(limits=Limits(connections=2))
    port = int(store.address.rpartition(":")[2])
    first, second = (socket.create_connection(("127.0.0.1", port)) for _ in range(2))
    with socket.create_connection(("127.0.0.1", port), timeout=10) as third, first, second:
        assert _gone(third)
    store.create("lab")
    client = Client(store.address, "lab")
    assert any(_served(client) for _ in range(50))
    client.http.close()
    store.close()


def _gone(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


def _served(client: Client) -> bool:
    try:
        return client.put("x", b"1").ok
    except OSError:
        return False


def test_past_its_last_line_of_log_a_store_does_nothing():
    store = Store(limits=Limits(lines=3))
    store.create("lab")
    client = Client(store.address, "lab")
    statuses = [client.put(f"{i}", b"1").status_code for i in range(5)]
    assert (statuses, store.names("lab")) == ([200, 200, 200, 507, 507], ["0", "1", "2"])
    assert (len(store.log()), "log is full" in client.get("0").text) == (3, True)
    client.http.close()
    store.close()


def test_behind_the_door_others_have_the_log_and_the_faults(tmp_path: Path):
    with bucket(door=tmp_path / "door") as lab:
        command = [sys.executable, "-W", "always::ResourceWarning", "-c", ELSEWHERE]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        assert (ran.stdout, "unclosed <socket" in ran.stderr) == ("gs://outgrow 1\n", False)
        assert lab.names() == ["x"]
        client = Client(lab.ours.address, "outgrow")
        assert client("GET", "b/outgrow/o").status_code == 503
        client.http.close()


def test_a_door_with_nobody_behind_it_is_told(tmp_path: Path):
    with pytest.raises(ConnectionError, match="Start the lab again"):
        Store.behind(str(tmp_path / "door"), "http://127.0.0.1:1")


def test_gcsfs_gives_up_at_once_what_the_store_does_not_have():
    before = os.environ.get("STORAGE_EMULATOR_HOST")  # of a store that this process is connected to
    with bucket() as lab, lab.watch() as facts:
        fs = gcsfs.GCSFileSystem()
        with pytest.raises(ValueError, match="this store has no parameter 'versions'"):
            fs.call("GET", "b/{}/o", "outgrow", versions="true")
    assert facts.requests == 1
    assert os.environ.get("STORAGE_EMULATOR_HOST") == before
