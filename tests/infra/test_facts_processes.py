"""Facts of workers and schedulers in other processes, killed ones among them."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, wait

from infra import Cluster, ClusterSpec, daemon, provision, watch
from tests.infra.arrays import MEGA, array, workers


@pytest.fixture(scope="module")
def cluster_of_processes() -> Iterator[Cluster]:
    with provision(ClusterSpec(workers=2, processes=True)) as cluster:
        yield cluster


@pytest.fixture
def processes(cluster_of_processes: Cluster) -> Iterator[Client]:
    """Two workers, each a process; one that a test killed has been started anew."""
    with cluster_of_processes.client() as client:
        client.wait_for_workers(2, timeout=60)
        yield client


def test_a_killed_worker_costs_exactly_the_results_it_held(processes: Client) -> None:
    doomed, safe = workers(processes)
    near = {"workers": [doomed], "allow_other_workers": True}
    held = processes.map(array, [1] * 3, range(3), pure=False, **near)
    done = processes.map(array, [1] * 4, range(4), pure=False, workers=[safe])
    wait(held + done)
    with watch(processes) as facts:
        kill(processes, doomed)
        processes.gather(held + done)
    assert facts.tasks == facts.recomputed == 3
    assert facts.by_prefix == {"array": 3}


def test_what_a_killed_worker_received_is_not_forgotten(processes: Client) -> None:
    doomed, safe = workers(processes)
    with watch(processes) as facts:
        made = processes.submit(array, 2, workers=[safe], pure=False)
        wait(processes.submit(len, made, workers=[doomed], pure=False))
        kill(processes, doomed)
    assert facts.bytes_moved == 2 * MEGA


def kill(client: Client, worker: str) -> None:
    """Kill a worker's process and wait until the scheduler has seen it."""
    pids: Any = client.run(os.getpid, workers=[worker])
    os.kill(pids[worker], 9)
    client.run_on_scheduler(_gone, worker)


async def _gone(worker: str, dask_scheduler: Any) -> None:
    while worker in dask_scheduler.workers:
        await asyncio.sleep(0.01)


def test_facts_come_from_workers_in_other_processes(processes: Client) -> None:
    here, there = workers(processes)
    with watch(processes) as facts:
        made = processes.submit(array, 3, workers=[here], pure=False)
        processes.submit(len, made, workers=[there], pure=False).result()
    assert (facts.tasks, facts.bytes_moved, facts.workers_used) == (2, 3 * MEGA, 2)


def test_the_scheduler_may_be_in_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTGROW_STATE_DIR", str(tmp_path))
    running = daemon.up(ClusterSpec(workers=2))
    try:
        with Client(running.address, set_as_default=False) as client:
            here, there = workers(client)
            with watch(client) as facts:
                made = client.submit(bytes, 3 * MEGA, workers=[here], pure=False)
                client.submit(len, made, workers=[there], pure=False).result()
                assert client.submit(divmod, 1, 0, pure=False).exception()
    finally:
        daemon.down()
    assert (facts.tasks, facts.failed, facts.workers_used) == (2, 1, 2)
    assert facts.by_prefix == {"bytes": 1, "len": 1}
    assert 3 * MEGA <= facts.bytes_moved < 3 * MEGA + 100
