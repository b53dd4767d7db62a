"""Clusters start by their spec, answer, and leave nothing behind."""

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import Client, Worker, wait
from distributed.comm.core import connect

from infra import ClusterSpec, provision


def listening(process: psutil.Process) -> set[str]:
    """Addresses of the interfaces on which a process and its children accept connections."""
    family = [process, *process.children(recursive=True)]
    sockets = [socket for each in family for socket in each.net_connections("inet")]
    return {socket.laddr[0] for socket in sockets if socket.status == psutil.CONN_LISTEN}


def being_served(dask_worker: Worker) -> int:
    return dask_worker.transfer_outgoing_count


@pytest.mark.parametrize("processes", [False, True])
def test_a_cluster_has_the_workers_of_its_spec(processes: bool) -> None:
    spec = ClusterSpec(workers=3, threads=2, processes=processes)
    with provision(spec) as cluster:
        client = cluster.client()
        workers: Any = client.scheduler_info(n_workers=-1)["workers"]
        pids: Any = client.run(os.getpid)
    assert [worker["nthreads"] for worker in workers.values()] == [2, 2, 2]
    assert len(set(pids.values())) == (3 if processes else 1)
    assert (os.getpid() in pids.values()) is not processes
    assert cluster.spec == spec


def test_two_clusters_live_side_by_side_and_only_on_loopback() -> None:
    with provision(ClusterSpec()) as one, provision(ClusterSpec()) as two:
        assert one.address != two.address
        assert one.client().submit(abs, -1).result() == two.client().submit(abs, -1).result()
        assert listening(psutil.Process()) == {"127.0.0.1"}


def test_worker_processes_listen_only_on_loopback_and_are_gone_afterwards() -> None:
    with provision(ClusterSpec(processes=True)) as cluster:
        pids: Any = cluster.client().run(os.getpid)
        assert listening(psutil.Process()) == {"127.0.0.1"}
        workers = [psutil.Process(pid) for pid in pids.values()]
    assert not any(worker.is_running() for worker in workers)
    assert listening(psutil.Process()) == set()


def test_clients_are_closed_with_the_cluster() -> None:
    with provision(ClusterSpec()) as cluster:
        kept, left = cluster.client(), cluster.client()
        with left:
            left.submit(abs, -1).result()
        assert (kept.status, left.status) == ("running", "closed")
    assert kept.status == "closed"


def test_the_cluster_ends_when_the_block_raises() -> None:
    with pytest.raises(ZeroDivisionError), provision(ClusterSpec()) as cluster:
        print(1 / 0)
    with pytest.raises(OSError, match=r"Timed out|connect"):
        Client(cluster.address, timeout=1)


def test_resources_are_offered_by_every_worker() -> None:
    with provision(ClusterSpec(workers=2, resources={"GPU": 1})) as cluster:
        client = cluster.client()
        assert client.submit(abs, -1, resources={"GPU": 1}).result() == 1
        workers: Any = client.scheduler_info(n_workers=-1)["workers"]
    assert [worker["resources"] for worker in workers.values()] == [{"GPU": 1}] * 2


def memory_rules(dask_worker: Any) -> tuple[Any, ...]:
    manager = dask_worker.memory_manager
    return manager.memory_limit, manager.memory_pause_fraction, manager.memory_spill_fraction


def test_memory_bounds_a_worker_process_as_a_whole() -> None:
    with provision(ClusterSpec(workers=1, processes=True, memory=300 * 2**20)) as cluster:
        rules: Any = cluster.client().run(memory_rules)
    assert list(rules.values()) == [(300 * 2**20, 0.8, 0.7)]


def test_memory_bounds_only_the_results_of_a_worker_in_this_process() -> None:
    with provision(ClusterSpec(workers=1, memory=1000)) as cluster:
        rules: Any = cluster.client().run(memory_rules)
        assert cluster.client().submit(abs, -1).result() == 1  # would be paused, by the process
    assert list(rules.values()) == [(1000, False, False)]


def test_no_memory_is_no_limit() -> None:
    with provision(ClusterSpec(workers=1)) as cluster:
        rules: Any = cluster.client().run(memory_rules)
    assert [limit for limit, *_ in rules.values()] == [None]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"workers": 0}, r"workers is 0. Give a whole number from 1"),
        ({"workers": 1.5}, r"workers is 1.5"),
        ({"threads": -1}, r"threads is -1. Give a whole number from 1"),
        ({"threads": True}, r"threads is True"),
        ({"memory": 0}, r"memory is 0. Give a whole number from 1 bytes"),
        ({"memory": "1GB"}, r"memory is '1GB'"),
        ({"memory": 10**8, "processes": True}, r"memory is 100000000.*from 268435456 bytes"),
        ({"engine": "flink"}, r"no engine='flink' with backend='local'. There is engine='dask'"),
        ({"engine": "spark", "memory": 10**8}, r"memory is 100000000.*from 471859200 bytes"),
        ({"backend": "hosts"}, r"no engine='dask' with backend='hosts'"),
        ({"resources": {"GPU": -1}}, r"resources is {'GPU': -1}. Map names to amounts"),
        ({"resources": {"GPU": float("inf")}}, r"Map names to amounts"),
        ({"resources": {"GPU": "one"}}, r"Map names to amounts"),
        ({"resources": {1: 1}}, r"Map names to amounts"),
        ({"resources": ["GPU"]}, r"Map names to amounts"),
    ],
)
def test_a_spec_that_no_cluster_can_meet_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ClusterSpec(**fields)


def test_a_spec_does_not_change_with_the_dict_it_was_made_of() -> None:
    offered = {"GPU": 1}
    spec = ClusterSpec(resources=offered)
    offered["GPU"] = 2
    assert spec == ClusterSpec(resources={"GPU": 1})


SCRIPT = """
import sys
from infra import ClusterSpec, provision

def main():
    with provision(ClusterSpec(workers=2, processes=True)) as cluster:
        client = cluster.client()
        client.submit(abs, -1).result()
        print("ready", flush=True)
        sys.stdin.read()
"""
GUARD = "if __name__ == '__main__':\n    main()\n"


def script(folder: Path, text: str) -> Path:
    path = folder / "script.py"
    path.write_text(text)
    return path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_the_process_that_started_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    """Ctrl-C goes to the whole group, as a terminal sends it; a kill only to the parent."""
    parent = subprocess.Popen(
        [sys.executable, script(tmp_path, SCRIPT + GUARD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        (os.killpg if number == signal.SIGINT else os.kill)(parent.pid, number)
        _, errors = parent.communicate(timeout=60)
    _, alive = psutil.wait_procs(children, timeout=60)
    assert len(children) >= 2
    assert alive == []
    if number == signal.SIGINT:
        assert errors.rstrip().endswith("KeyboardInterrupt")
        assert errors.count("Traceback") == 1


def test_a_script_without_the_guard_is_told_what_to_do(tmp_path: Path) -> None:
    path = script(tmp_path, SCRIPT + "main()\n")
    ran = subprocess.run([sys.executable, path], input="", capture_output=True, text=True)
    assert ran.returncode != 0
    assert 'Put the start under `if __name__ == "__main__":`' in ran.stderr


def test_workers_survive_an_interrupt_that_their_parent_handles(tmp_path: Path) -> None:
    """As when a notebook's cell is interrupted and the next one goes on."""
    handled = """
import os, signal
from infra import ClusterSpec, provision

if __name__ == "__main__":
    with provision(ClusterSpec(workers=2, processes=True)) as cluster:
        client = cluster.client()
        before = client.run(os.getpid)
        try:
            os.killpg(0, signal.SIGINT)
            signal.pause()
        except KeyboardInterrupt:
            print(client.submit(abs, -1).result(), client.run(os.getpid) == before)
"""
    ran = subprocess.run(
        [sys.executable, script(tmp_path, handled)],
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert (ran.stdout, ran.stderr) == ("1 True\n", "")


def test_a_peer_that_goes_while_it_is_served_is_no_news(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with provision(ClusterSpec(workers=1)) as cluster:
        monkeypatch.setattr(logging.getLogger("distributed.worker"), "handlers", [caplog.handler])
        client = cluster.client()
        kept = client.submit(bytes, 10**6)
        wait(kept)
        (holder,) = client.who_has([kept])[kept.key]

        async def leave() -> None:
            comm = await connect(holder)
            await comm.write({"op": "get_data", "keys": {kept.key}, "who": "peer", "reply": True})
            await comm.read()
            comm.abort()

        client.sync(leave)
        while client.run(being_served)[holder]:
            pass
        client.run(logging.getLogger("distributed.worker").error, "that is news")
    told = {record.message for record in caplog.records if record.levelno >= logging.WARNING}
    assert told == {"that is news"}


@pytest.mark.parametrize("processes", [False, True])
def test_ending_with_work_in_flight_and_results_kept_is_silent(
    tmp_path: Path, processes: bool
) -> None:
    busy = f"""
import time
from infra import ClusterSpec, provision

def nap(number):
    time.sleep(0.01)
    return number

if __name__ == "__main__":
    with provision(ClusterSpec(workers=2, processes={processes})) as cluster:
        client = cluster.client()
        total = client.submit(sum, client.map(nap, range(500)))
        client.publish_dataset(kept=client.map(nap, range(1000, 1004)))
        client.gather(client.get_dataset("kept"))
"""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", script(tmp_path, busy)],
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
