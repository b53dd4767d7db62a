"""Each figure against a computation whose answer is known by construction."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from dask.delayed import delayed
from distributed import Client, wait

from infra import ClusterSpec, begin, end, provision, watch
from tests.infra.arrays import MEGA, array, workers


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers in this process, as is the scheduler."""
    with provision(ClusterSpec(workers=2)) as cluster:
        yield cluster.client()


def follow(first: object, *_: object) -> object:
    return first


def fail(_: object = None) -> None:
    raise ValueError("as planned")


def test_ten_tasks_are_ten_tasks(client: Client) -> None:
    with watch(client) as facts:
        client.gather(client.map(abs, range(-10, 0), pure=False))
    assert facts.tasks == 10
    assert facts.by_prefix == {"abs": 10}
    assert (facts.recomputed, facts.failed, facts.bytes_moved, facts.spilled_bytes) == (0, 0, 0, 0)


def test_tasks_are_counted_by_the_name_in_their_key(client: Client) -> None:
    leaves = [delayed(abs)(-number) for number in range(3)]
    total = delayed(sum)(leaves)
    with watch(client) as facts:
        assert total.compute() == 3
    assert facts.by_prefix["abs"] == 3
    assert sum(facts.by_prefix.values()) == facts.tasks


def test_only_what_happens_in_between_counts(client: Client) -> None:
    client.submit(abs, -1, pure=False).result()
    with watch(client) as facts:
        client.submit(abs, -2, pure=False).result()
    client.submit(abs, -3, pure=False).result()
    assert facts.tasks == 1


def test_workers_that_ran_a_task(client: Client) -> None:
    one, both = workers(client)[:1], workers(client)
    with watch(client) as alone:
        client.gather(client.map(abs, range(8), workers=one, pure=False))
    with watch(client) as together:
        client.gather([client.submit(abs, 1, workers=[each], pure=False) for each in both])
    assert (alone.workers_used, together.workers_used) == (1, 2)


def test_an_array_that_moves_moves_its_bytes(client: Client) -> None:
    here, there = workers(client)
    with watch(client) as facts:
        made = client.submit(array, 3, workers=[here], pure=False)
        client.submit(len, made, workers=[there], pure=False).result()
    assert facts.bytes_moved == 3 * MEGA


def test_an_array_that_stays_or_goes_to_the_client_does_not_move(client: Client) -> None:
    here, _ = workers(client)
    with watch(client) as facts:
        made = client.submit(array, 3, workers=[here], pure=False)
        client.submit(len, made, workers=[here], pure=False).result()
        made.result()
        sent = client.scatter(array(1), workers=[here])
        client.submit(len, sent, workers=[here], pure=False).result()
    assert facts.bytes_moved == 0


def test_an_array_that_moves_to_each_of_two_tasks_there_moves_once(client: Client) -> None:
    here, there = workers(client)
    with watch(client) as facts:
        made = client.submit(array, 3, workers=[here], pure=False)
        wait([client.submit(follow, made, n, workers=[there], pure=False) for n in range(2)])
    assert facts.bytes_moved == 3 * MEGA


def frame(seed: int) -> pd.DataFrame:
    keys = np.random.default_rng(seed).integers(0, 2**40, 100_000)
    return pd.DataFrame({"key": keys, "value": keys + 1})


def shards(client: Client) -> int:
    """Bytes that P2P shuffles have cut so far, those that stay included."""

    def cut(dask_worker: Any) -> int:
        found = dask_worker.digests_total.items()
        return sum(
            n for label, n in found if label[0] == "p2p" and label[-2:] == ("shards", "bytes")
        )

    by_worker: Any = client.run(cut)
    return sum(by_worker.values())


def test_of_a_p2p_shuffle_only_the_shards_for_the_other_worker_move(client: Client) -> None:
    both = workers(client)
    parts = [client.submit(frame, n, workers=[both[n % 2]], pure=False) for n in range(4)]
    wait(parts)
    lazy = dd.from_delayed(parts, meta=frame(0))
    before = shards(client)
    with watch(client) as facts:
        wait(lazy.shuffle("key", shuffle_method="p2p").persist())
    cut = shards(client) - before
    assert facts.by_prefix["shuffle-transfer"] == 4
    assert cut > 4 * 100_000 * 16
    assert 0.45 * cut < facts.bytes_moved < 0.55 * cut


def test_a_p2p_shuffle_on_one_worker_moves_nothing() -> None:
    with provision(ClusterSpec(workers=1)) as cluster, watch(cluster.client()) as facts:
        wait(da.ones((400, 400), chunks=(400, 100)).rechunk((100, 400), method="p2p").persist())
    assert facts.by_prefix["shuffle-barrier"] == 1
    assert facts.bytes_moved == 0


def test_peak_counts_the_results_held_at_once() -> None:
    with provision(ClusterSpec(workers=2)) as cluster:
        client = cluster.client()
        with watch(client) as one_by_one:
            for seed in range(5):
                client.submit(array, 2, seed).result()
        with watch(client) as together:
            wait(arrays := client.map(array, [2] * 5, range(5), pure=False))
        with watch(client) as later:
            pass
        del arrays
    assert 2 * MEGA <= one_by_one.peak_bytes <= 4 * MEGA
    assert 10 * MEGA <= together.peak_bytes <= 12 * MEGA
    assert later.peak_bytes == 10 * MEGA


def test_what_is_released_and_asked_for_again_is_recomputed(client: Client) -> None:
    with watch(client) as facts:
        for _ in range(3):
            client.submit(abs, -1, key="again").result()
            client.run_on_scheduler(_forgotten, "again")
        client.submit(abs, -1, key="once").result()
    assert (facts.tasks, facts.recomputed) == (4, 2)


async def _forgotten(key: str, dask_scheduler: Any) -> None:
    while key in dask_scheduler.tasks:
        await asyncio.sleep(0.01)


def test_what_is_kept_is_not_recomputed(client: Client) -> None:
    kept = da.ones(100, chunks=10).persist()
    wait(kept)
    with watch(client) as facts:
        kept.sum().compute()
        kept.mean().compute()
    assert facts.recomputed == 0


def test_a_task_that_raises_has_failed_and_its_dependents_have_not(client: Client) -> None:
    with watch(client) as facts:
        bad = client.submit(fail, pure=False)
        wait([bad, client.submit(follow, bad, pure=False)])
    assert (facts.failed, facts.tasks) == (1, 0)


def test_results_beyond_the_memory_are_spilled() -> None:
    with provision(ClusterSpec(workers=1, memory=10 * MEGA)) as cluster:
        client = cluster.client()
        with watch(client) as small:
            wait(kept := client.map(array, [1] * 5, range(5), pure=False))
        with watch(client) as large:
            wait(more := client.map(array, [1] * 5, range(5), pure=False))
        with watch(client) as idle:
            pass
        del kept, more
    assert small.spilled_bytes == idle.spilled_bytes == 0
    # 10 MB of random bytes and 6 MB of room: four arrays, each with a header, went to disk.
    assert 4 * MEGA <= large.spilled_bytes < 4 * MEGA + 10_000


def test_facts_are_plain_data(client: Client) -> None:
    with watch(client) as facts:
        client.submit(abs, -1, pure=False).result()
    assert json.loads(json.dumps(asdict(facts)))["by_prefix"] == {"abs": 1}


def test_facts_cannot_be_read_too_early(client: Client) -> None:
    with (
        watch(client) as facts,
        pytest.raises(AttributeError, match="leave the `with` block first"),
    ):
        print(facts.tasks)
    assert facts.tasks == 0


def test_end_leaves_nothing_behind() -> None:
    with provision(ClusterSpec(workers=1)) as cluster:
        client = cluster.client()
        before = installed(client)
        with watch(client), watch(client):
            assert installed(client) != before
        assert installed(client) == before
        with pytest.raises(ZeroDivisionError), watch(client):
            print(1 / 0)
        assert installed(client) == before


def installed(client: Client) -> tuple[object, ...]:
    """The plugins of the scheduler and of its worker, and the name of what receives shards."""

    def on_scheduler(dask_scheduler: Any) -> list[str]:
        return sorted([*dask_scheduler.plugins, *dask_scheduler.worker_plugins])

    def on_worker(dask_worker: Any) -> list[str]:
        handler = dask_worker.handlers["shuffle_receive"]
        return [*sorted(dask_worker.plugins), handler.__name__]

    return client.run_on_scheduler(on_scheduler), client.run(on_worker)


def test_measurements_may_overlap_and_end_in_any_order(client: Client) -> None:
    first = begin(client)
    client.submit(abs, -1, pure=False).result()
    second = begin(client)
    client.submit(abs, -2, pure=False).result()
    assert end(client, first).tasks == 2
    client.submit(abs, -3, pure=False).result()
    assert end(client, second).tasks == 2


def test_a_token_is_good_once(client: Client) -> None:
    token = begin(client)
    end(client, token)
    with pytest.raises(LookupError, match="Each begin has one end"):
        end(client, token)


def test_another_client_may_end_it(client: Client) -> None:
    token = begin(client)
    assert client.scheduler is not None
    with Client(client.scheduler.address, set_as_default=False) as other:
        other.submit(abs, -1, pure=False).result()
        assert end(other, token).tasks == 1


def test_an_asynchronous_client_is_refused(client: Client) -> None:
    async def measure(address: str | None) -> None:
        async with Client(address, asynchronous=True, set_as_default=False) as waiting:
            begin(waiting)

    assert client.scheduler is not None
    with pytest.raises(TypeError, match="Measure with a client that blocks"):
        asyncio.run(measure(client.scheduler.address))
