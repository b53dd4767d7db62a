"""solutions.simulator: what must hold in every run, whatever the job and the machines."""

import doctest
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import simulator as module
from solutions.job import Job, chain, fan, shuffle, tree
from solutions.machines import Machines, Run
from solutions.simulator import simulate
from tests.solutions.simulator_vectors import scenarios

PATIENT = settings(deadline=None, max_examples=150)  # the machine may be busy


@st.composite
def jobs(draw: st.DrawFn, sizes: int = 5_000) -> Job:
    tasks = draw(st.integers(0, 25))
    before = [st.lists(st.integers(0, i - 1), unique=True, max_size=4) for i in range(1, tasks)]
    needs = [[], *map(draw, before)] if tasks else []
    numbers = st.lists(st.integers(1, 900), min_size=tasks, max_size=tasks)
    bytes_each = st.lists(st.integers(0, sizes), min_size=tasks, max_size=tasks)
    return Job(needs, draw(numbers), draw(bytes_each))


@st.composite
def machines(draw: st.DrawFn, failing: bool = False) -> Machines:
    workers = draw(st.integers(1, 6))
    failures = st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, workers)), max_size=3)
    return Machines(
        workers=workers + failing,
        overhead=draw(st.integers(0, 90)),
        latency=draw(st.integers(0, 90)),
        bandwidth=draw(st.integers(1, 50)),
        memory=draw(st.none() | st.integers(0, 9_000)),
        ahead=draw(st.integers(0, 2)),
        stealing=draw(st.booleans()),
        failures=draw(failures) if failing else [],
    )


def overlaps(run: Run) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of tasks that one worker ran at the same time."""
    by_worker: dict[int, list[tuple[int, int]]] = {}
    for worker, start, finish in zip(run.worker, run.start, run.finish, strict=True):
        by_worker.setdefault(worker, []).append((start, finish))
    spans = [sorted(each) for each in by_worker.values()]
    return [(a, b) for each in spans for a, b in pairwise(each) if a[1] > b[0]]


def check_order(job: Job, run: Run) -> None:
    for task, needs in enumerate(job.needs):
        for needed in needs:
            assert run.finish[needed] <= run.start[task]


@given(jobs(), machines())
@PATIENT
def test_every_task_runs_once_after_what_it_needs_and_alone_on_its_worker(job, cluster):
    run = simulate(job, cluster)
    assert run.executions == len(job.cost)
    assert overlaps(run) == []
    check_order(job, run)
    spans = zip(run.start, run.finish, job.cost, strict=True)
    assert all(finish - start >= cost for start, finish, cost in spans)


@given(jobs(), machines())
@PATIENT
def test_no_run_beats_its_lower_bounds(job, cluster):
    run = simulate(job, cluster)
    assert run.makespan >= job.longest()
    assert run.makespan * cluster.workers >= job.work()
    assert run.makespan >= cluster.overhead * len(job.cost)


@given(jobs(sizes=0), st.integers(1, 6))
@PATIENT
def test_where_only_work_costs_time_no_worker_idles_while_a_task_could_run(job, workers):
    run = simulate(job, Machines(workers, overhead=0, latency=0))
    assert run.makespan * workers <= job.work() + (workers - 1) * job.longest()


@given(jobs(), machines(failing=True))
@PATIENT
def test_after_failures_everything_wanted_is_there_and_little_ran_twice(job, cluster):
    run = simulate(job, cluster)
    assert run.executions <= len(job.cost) * (1 + len({w for _, w in cluster.failures}))
    ends = {worker: when for when, worker in sorted(cluster.failures, reverse=True)}
    for task in job.wanted:
        assert run.finish[task] <= ends.get(run.worker[task], run.finish[task])


@given(jobs(), machines())
@PATIENT
def test_all_bytes_that_are_kept_at_the_end_are_those_of_wanted_results(job, cluster):
    simulation = module._Simulation(job, cluster)
    simulation.run()
    storage = simulation.storage
    assert sorted(storage.copies) == job.wanted
    in_memory = sum(
        job.size[task] * (not on_disk)
        for task, held in storage.copies.items()
        for on_disk in held.values()
    )
    assert storage.held == in_memory == sum(storage.used)
    if cluster.memory is not None:
        assert max(storage.used) <= cluster.memory


@pytest.mark.parametrize("name", scenarios())
def test_the_same_job_and_machines_give_the_same_run(name):
    job, cluster = scenarios()[name]
    assert simulate(job, cluster) == simulate(job, cluster)


def test_vectors_are_the_same_under_any_hash_seed():
    script = Path(__file__).with_name("simulator_vectors.py")
    written = {
        subprocess.run(
            [sys.executable, script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(script.parents[2])},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "12"
    }
    assert len(written) == 1


def test_a_chain_pays_the_scheduler_and_two_messages_at_every_step():
    run = simulate(chain(10, 1_000), Machines(2, overhead=200, latency=50))
    assert run.makespan == 10 * (1_000 + 200 + 2 * 50)


def test_a_fan_is_as_slow_as_the_scheduler_sends_it_out():
    run = simulate(fan(1_000, 1_000), Machines(500, overhead=200, latency=0))
    assert run.makespan == 1_000 * 200 + 1_000


def test_a_result_is_sent_once_to_each_worker_that_needs_it():
    job = Job([[], [0], [0], [0], [0]], [1, 900, 900, 900, 900], [10_000, 0, 0, 0, 0])
    run = simulate(job, Machines(2, overhead=0, latency=0))
    assert run.moved == 10_000
    assert len(set(run.worker)) == 2


def test_where_the_network_is_slow_tasks_stay_with_their_inputs():
    job = Job([[], [0], [0]], [1, 900, 900], [10**6, 0, 0])
    assert simulate(job, Machines(2, bandwidth=1)).moved == 0


def test_stealing_evens_out_what_was_sent_ahead():
    job = Job([[] for _ in range(4)], [100, 9_000, 100, 9_000], [0] * 4)
    quiet = Machines(2, overhead=0, latency=0)
    stolen = simulate(job, quiet)
    assert stolen.stolen == 1
    assert stolen.makespan < simulate(job, replace(quiet, stealing=False)).makespan


def test_nobody_steals_what_starts_sooner_at_home():
    job = Job([[], [], [0], [0]], [1, 500, 9_000, 900], [10**6, 0, 0, 0])
    near, far = (simulate(job, Machines(2, 0, 0, bandwidth=width)) for width in (1_000, 100))
    assert near.worker == [0, 1, 0, 1]
    assert (far.worker, far.stolen, far.moved) == ([0, 1, 0, 0], 0, 0)


def test_a_worker_that_was_robbed_is_booked_out_for_less():
    job = Job([[] for _ in range(6)], [100, 9_000, 100, 9_000, 100, 9_000], [0] * 6)
    simulation = module._Simulation(job, Machines(2, overhead=0, latency=0, ahead=2))
    run = simulation.run()
    assert run.stolen > 0
    assert max(simulation.due) == max(run.finish)


def test_transfers_to_one_worker_come_one_after_another():
    inputs = [[], [], [0, 1], [0], [1]]
    tags = {0: "a", 1: "a", 3: "b", 4: "b"}
    job = Job(inputs, [10, 10, 10, 10, 10], [1_000, 1_000, 0, 0, 0], tags)
    run = simulate(job, Machines(2, 0, 0, bandwidth=1, offers={0: ["a"], 1: ["b"]}))
    assert (run.start[3], run.start[4]) == (10 + 1_000, 20 + 990 + 1_000)


def test_what_lies_on_disk_is_read_before_it_travels():
    job = Job([[], [0]], [10, 10], [1_000, 0], {0: "a", 1: "b"})
    offers = {0: ["a"], 1: ["b"]}
    run = simulate(job, Machines(2, 0, 0, bandwidth=10, memory=0, disk=5, offers=offers))
    written = 10 + 1_000 // 5
    assert run.finish[0] == written
    assert run.start[1] == written + 1_000 // 5 + 1_000 // 10


def test_what_a_failed_worker_was_doing_does_not_count():
    run = simulate(fan(2, 1_000), Machines(2, 0, 0, failures=[(500, 1)]))
    assert (run.executions, run.makespan, run.worker) == (2, 2_000, [0, 0])


def test_little_memory_spills_and_takes_longer():
    job = shuffle(5, 5_000, 600_000)
    tight, roomy = simulate(job, Machines(2, memory=700_000)), simulate(job, Machines(2))
    assert roomy.spilled == 0 < tight.spilled
    assert tight.makespan > roomy.makespan


def test_a_tree_needs_few_results_at_once():
    run = simulate(tree(256, 1_000, 1), Machines(1))
    assert run.peak <= 2 + 8 + 1


def test_only_what_was_lost_and_is_needed_runs_again():
    job = tree(8, 1_000, 1)
    alone = Machines(2, overhead=0, latency=0)
    late = simulate(job, replace(alone, failures=[(4_001, 1)]))
    assert 0 < late.executions - len(job.cost) < len(job.cost)


def test_tagged_tasks_run_where_their_resource_is():
    job = Job([[] for _ in range(20)], [100] * 20, [0] * 20, tags=dict.fromkeys(range(10), "GPU"))
    run = simulate(job, Machines(4, offers={2: ["GPU"]}))
    assert {run.worker[task] for task in range(10)} == {2}
    with pytest.raises(ValueError, match="no worker with resource 'GPU'"):
        simulate(job, Machines(4))


def test_without_workers_nothing_can_be_said():
    with pytest.raises(ValueError, match="no worker is left"):
        simulate(fan(9, 1_000), Machines(1, failures=[(1_500, 0)]))


def test_a_job_must_fit_together():
    for needs, cost, size in ([[[]], [1, 1], [1]], [[[0]], [1], [1]], [[[]], [0], [1]]):
        with pytest.raises(ValueError, match="Job:"):
            Job(needs, cost, size)


def test_examples_in_the_docstrings_hold():
    from solutions import job

    assert all(doctest.testmod(each).failed == 0 for each in (module, job))
