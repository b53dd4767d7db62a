"""``connect()`` as scripts, notebooks and the command line meet it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager, start_new_kernel

from infra import Cluster, ClusterSpec, connect, connection, provision


@pytest.fixture(autouse=True)
def no_traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins and ends without a private cluster and without settings."""
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    monkeypatch.delenv("OUTGROW_DASK", raising=False)
    yield
    connection._stop()


@pytest.fixture
def other() -> Iterator[Cluster]:
    """A cluster that somebody else provisioned."""
    with provision(ClusterSpec(workers=1)) as cluster:
        yield cluster


def workers(client: Any) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


def test_a_private_cluster_with_two_workers_is_the_default() -> None:
    client = connect()
    assert (workers(client), client.submit(abs, -1).result()) == (2, 1)


def test_a_cell_that_runs_twice_keeps_its_client() -> None:
    assert connect() is connect()
    spec = ClusterSpec(workers=3)
    assert connect(spec) is connect(ClusterSpec(workers=3)) is connect()


def test_a_cell_with_another_spec_gets_another_cluster_in_place_of_the_first() -> None:
    first = connect(ClusterSpec(workers=1))
    second = connect(ClusterSpec(workers=3))
    assert (first.status, workers(second)) == ("closed", 3)


def test_a_closed_client_is_replaced_and_the_cluster_kept() -> None:
    first = connect()
    first.publish_dataset(note="still here")
    first.close()
    second = connect()
    assert second is not first
    assert second.get_dataset("note") == "still here"


def test_an_open_client_of_another_cluster_is_used_whatever_the_spec(other: Cluster) -> None:
    client = other.client()
    assert connect(ClusterSpec(workers=5)) is client


def test_the_scheduler_of_the_environment_is_joined(
    other: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", other.address)
    with connect() as client:
        assert client.scheduler is not None
        assert client.scheduler.address == other.address
        assert connect() is client


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense"])
def test_a_scheduler_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.5)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    said = f"DASK_SCHEDULER_ADDRESS={address}.*outgrow cluster up"
    with pytest.raises(ConnectionError, match=said):
        connect()


def test_the_spec_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTGROW_DASK", '{"workers": 3, "resources": {"GPU": 1}}')
    client = connect()
    assert workers(client) == 3
    assert client.submit(abs, -1, resources={"GPU": 1}).result() == 1


def test_a_given_spec_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTGROW_DASK", '{"workers": 3}')
    assert workers(connect(ClusterSpec(workers=1))) == 1


@pytest.mark.parametrize("told", ["{", "3", '{"cores": 1}', '{"workers": 0}'])
def test_an_environment_without_a_spec_is_named(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("OUTGROW_DASK", told)
    with pytest.raises(ValueError, match=r"OUTGROW_DASK=.*fields of ClusterSpec"):
        connect()


def run(folder: Path, text: str) -> tuple[int, str, str]:
    path = folder / "script.py"
    path.write_text(text)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", path], capture_output=True, text=True
    )
    return ran.returncode, ran.stdout, ran.stderr


def test_a_plain_script_connects_computes_and_ends_silently(tmp_path: Path) -> None:
    text = """
from infra import connect
client = connect()
kept = client.map(abs, range(100))
print(client.submit(sum, [1, 2]).result())
"""
    assert run(tmp_path, text) == (0, "3\n", "")


def test_a_script_that_fails_shows_its_own_error_only(tmp_path: Path) -> None:
    code, out, errors = run(tmp_path, "from infra import connect\nconnect()\n1 / 0\n")
    assert (code, out) == (1, "")
    assert errors.rstrip().endswith("ZeroDivisionError: division by zero")
    assert errors.count("\n") <= 6


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator["Notebook"]:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path))
    yield Notebook(manager, client)
    client.stop_channels()
    manager.shutdown_kernel()


class Notebook:
    """A kernel whose cells are run one by one."""

    def __init__(self, manager: KernelManager, client: Any) -> None:
        self.manager, self.client = manager, client

    def run(self, cell: str) -> str:
        """What the cell prints, its error included. Interrupted when it prints "interrupt me"."""
        printed: list[str] = []

        def collect(message: dict[str, Any]) -> None:
            content = message["content"]
            printed.append(content.get("text", "") + content.get("ename", ""))
            if "interrupt me" in printed[-1]:
                self.manager.interrupt_kernel()

        self.client.execute_interactive(cell, timeout=60, output_hook=collect)
        return "".join(printed)


def test_a_cell_connects_once_however_often_it_runs(notebook: Notebook) -> None:
    cell = "from infra import connect\nclient = connect()\nprint(client.submit(abs, -1).result())"
    assert notebook.run(cell) == "1\n"
    address = notebook.run("print(client.scheduler.address)")
    assert notebook.run(cell) == "1\n"
    assert notebook.run("print(client.scheduler.address)") == address


@pytest.mark.parametrize("processes", [False, True])
def test_workers_survive_the_interrupt_of_a_cell(notebook: Notebook, processes: bool) -> None:
    notebook.run(
        "import os, time; from infra import ClusterSpec, connect\n"
        f"client = connect(ClusterSpec(processes={processes})); pids = client.run(os.getpid)"
    )
    waits = "print('interrupt me', flush=True)\nclient.submit(time.sleep, 60).result()"
    assert notebook.run(waits).endswith("KeyboardInterrupt")
    assert notebook.run("print(client.submit(abs, -2, workers=list(pids)[1:]).result())") == "2\n"
    assert notebook.run("print(client.run(os.getpid) == pids)") == "True\n"
