"""The background cluster: started once, found again, ended cleanly."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
from distributed import Client

from infra import ClusterSpec, daemon

SMALL = ClusterSpec(workers=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder of the test's own, and nothing left running in it."""
    monkeypatch.setenv("OUTGROW_STATE_DIR", str(tmp_path / "state"))
    yield tmp_path / "state"
    daemon.down()


def test_nothing_runs_at_first() -> None:
    assert daemon.status() is None
    assert daemon.down() is False


def test_up_is_ready_for_clients_and_down_leaves_no_process(folder: Path) -> None:
    running = daemon.up(ClusterSpec(workers=2, processes=True))
    family = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
    with Client(running.address, timeout=5) as client:
        assert client.submit(abs, -1).result() == 1
        assert client.submit(os.getcwd).result() == str(Path.cwd())
    assert len(family) >= 3
    assert daemon.status() == running
    assert daemon.down() is True
    assert not any(process.is_running() for process in family)
    assert daemon.status() is None
    assert {path.name for path in folder.iterdir()} == {"cluster.log"}


def test_the_cluster_is_no_child_of_ours() -> None:
    running = daemon.up(SMALL)
    assert running.pid not in {child.pid for child in psutil.Process().children(recursive=True)}
    assert os.getsid(running.pid) == running.pid


def test_up_twice_says_where_the_first_one_is() -> None:
    running = daemon.up(SMALL)
    said = f"runs already at {running.address} .*outgrow cluster down"
    with pytest.raises(RuntimeError, match=said):
        daemon.up(SMALL)
    assert daemon.status() == running


def test_a_cluster_that_cannot_start_says_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_TEMPORARY_DIRECTORY", f"{os.devnull}/scratch")
    with pytest.raises(RuntimeError, match=r"did not start: .*scratch.*log: .*cluster.log"):
        daemon.up(SMALL)
    assert daemon.status() is None
    assert "Traceback" in (folder / "cluster.log").read_text()


def test_a_killed_cluster_is_forgotten(folder: Path) -> None:
    running = daemon.up(SMALL)
    process = psutil.Process(running.pid)
    process.kill()
    psutil.wait_procs([process], timeout=30)
    assert (folder / "cluster.json").exists()
    assert daemon.status() is None
    assert not (folder / "cluster.json").exists()
    assert daemon.up(SMALL).pid != running.pid


def test_another_process_with_the_same_id_is_left_alone(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        created = psutil.Process(bystander.pid).create_time() - 1000
        told = daemon.Running("tcp://127.0.0.1:1", None, SMALL, bystander.pid, created, "")
        folder.mkdir()
        (folder / "cluster.json").write_text(json.dumps(asdict(told)))
        assert daemon.down() is False
        assert bystander.poll() is None
        assert not (folder / "cluster.json").exists()
        bystander.communicate(b"\n")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"address": 1}'])
def test_a_broken_state_file_is_forgotten(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "cluster.json").write_text(text)
    assert daemon.status() is None
    assert not (folder / "cluster.json").exists()


def test_a_cluster_that_comes_second_gives_way(folder: Path) -> None:
    first = daemon.up(SMALL)
    log = folder / "second.log"
    assert daemon._launch(SMALL, log) is False
    assert "Another background cluster was faster" in log.read_text()
    assert daemon.status() == first
