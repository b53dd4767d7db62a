"""The hidden tests of lab 03's plans: the same decisions, on graphs that are drawn anew.

Where a plan can be carried out, the simulator of `solutions` carries it out: each task is pinned to
its worker by a resource that only this worker offers.
"""

import pytest

from autograder.testing import hint, points
from plans import anybody_free, check_alone, check_plan, check_resources, check_spread, room, waits
from probes import counted, refusal
from solutions import graph as graphs
from solutions import placement as oracle
from solutions.job import Job
from solutions.machines import Machines
from solutions.simulator import simulate
from task_graphs import draw, random_dag, random_pairs, shuffled, words

TOLD = {
    "early": "A task starts before a dependency has ended.",
    "both": "Two tasks run on the same worker at the same time.",
    "shares": "Some worker gets more of the tasks that need nothing than another, by more than "
    "one.",
    "lacking": "A task runs on a worker that does not offer what it demands at all.",
    "too much": "At some time the tasks of a worker demand more than it offers.",
}


def carried_out(graph, cost, sizes, worker_of, order, workers):
    """The simulator's run of a plan, on machines where nothing but the plan costs time."""
    number = {task: i for i, task in enumerate(order)}
    needs, before = [], {}
    for task in order:  # a worker's tasks run in this order, so each also waits for the one before
        waits_for = {*graph[task], *before.get(worker_of[task], [])}
        needs.append(sorted(number[each] for each in waits_for))
        before[worker_of[task]] = [task]
    job = Job(
        needs,
        [cost[task] for task in order],
        [sizes[task] for task in order],
        tags={number[task]: f"worker {worker_of[task]}" for task in order},
    )
    offers = {worker: [f"worker {worker}"] for worker in range(workers)}
    machines = Machines(workers, overhead=0, latency=0, bandwidth=10**9, offers=offers, ahead=0)
    return simulate(job, machines)


# --- schedule


@pytest.mark.parametrize(("tasks", "reach"), [(0, 1), (60, 2), (60, 10), (60, 60)])
@points(2)
def test_schedule_keeps_the_bound(student, rng, tasks, reach):
    """At most 2 − 1/w times as long as the best plan can be, on 1 to 8 workers."""
    graph = shuffled(rng, random_dag(rng, tasks, reach))
    cost = draw(rng, graph, 1, 50)
    longest = sum(cost[task] for task in graphs.critical_path(graph, cost))
    for workers in (1, 2, 8):
        plan = student.schedule(graph, cost, workers)
        check_plan(plan, graph, cost, workers, TOLD)
        check_alone(plan, cost, TOLD)
        took = max((start + cost[task] for task, (_, start) in plan.items()), default=0)
        least = max(longest, sum(cost.values()) / workers)
        assert took <= (2 - 1 / workers) * least, hint(
            "The plan is longer than any would be that never lets a worker idle while a task could"
            " run."
        )


@points(2)
def test_schedule_evens_out_long_and_short(student, rng):
    """Where every second task is long, no worker gets all of the long ones."""
    names, workers = words(rng, 60), int(rng.integers(2, 5))
    graph = {name: [] for name in names}
    cost = {name: 90 if place % workers == 0 else 1 for place, name in enumerate(names)}
    plan = student.schedule(graph, cost, workers)
    check_plan(plan, graph, cost, workers, TOLD)
    check_alone(plan, cost, TOLD)
    assert max(start + cost[task] for task, (_, start) in plan.items()) <= (
        sum(cost.values()) / workers + 90
    ), hint("Shares of equal number are not equal work. Give each task to whoever is free first.")


@points(2)
def test_schedule_never_lets_a_worker_idle(student, rng):
    """At no time is a worker free while some task could start."""
    graph = shuffled(rng, random_dag(rng, 50, 12))
    cost = draw(rng, graph, 1, 30)
    workers = int(rng.integers(2, 5))
    plan = student.schedule(graph, cost, workers)
    check_plan(plan, graph, cost, workers, TOLD)
    assert not waits(plan, graph, cost, anybody_free(plan, cost, workers)), hint(
        "A worker was free while a task was ready. A worker that waits for one task's dependencies "
        "could run another task meanwhile."
    )


@points(1)
def test_schedule_can_be_carried_out(student, rng):
    """The simulator runs the plan and takes as long as the plan says."""
    graph = random_dag(rng, 50, 12)
    cost, workers = draw(rng, graph, 1, 30), 3
    plan = student.schedule(graph, cost, workers)
    check_plan(plan, graph, cost, workers, TOLD)
    order = sorted(plan, key=lambda task: plan[task][1])
    where = {task: worker for task, (worker, _) in plan.items()}
    run = carried_out(graph, cost, dict.fromkeys(graph, 0), where, order, workers)
    assert run.makespan <= max(start + cost[t] for t, (_, start) in plan.items()), hint(
        "Carried out, the plan takes longer than it says: two tasks of a worker overlap."
    )


# --- place


@pytest.mark.parametrize("reach", [2, 8, 80])
@points(2)
def test_place_moves_all_but_the_largest_input_at_most(student, rng, reach):
    """The simulator carries the placement out, and few bytes travel."""
    graph = random_dag(rng, 80, reach)
    sizes, workers = draw(rng, graph, 1, 10_000), int(rng.integers(2, 6))
    placed = student.place(shuffled(rng, graph), sizes, workers)
    check_spread(placed, graph, workers, TOLD)
    run = carried_out(graph, dict.fromkeys(graph, 1), sizes, placed, list(graph), workers)
    inputs = [[sizes[d] for d in needs] for needs in graph.values() if needs]
    assert run.moved <= sum(sum(each) - max(each) for each in inputs), hint(
        "A task runs where few of its bytes are. Add up bytes for each worker, and go to the "
        "largest sum."
    )


@points(2)
def test_place_lets_the_small_inputs_travel(student, rng):
    """Where each task has one large input and two small ones, only small ones travel."""
    names, workers = words(rng, 120), int(rng.integers(2, 5))
    large, small, joins = names[:20], names[20:60], names[60:]
    graph = {name: [] for name in [*large, *small]}
    for name in joins:
        two = [small[i] for i in rng.choice(len(small), 2, replace=False)]
        graph[name] = [*two, str(rng.choice(large))]
    sizes = dict.fromkeys(graph, 1) | dict.fromkeys(large, 10**6)
    placed = student.place(shuffled(rng, graph), sizes, workers)
    check_spread(placed, graph, workers, TOLD)
    assert oracle.bytes_moved(graph, sizes, placed) <= 2 * len(joins), hint(
        "A large input travelled so that two small ones could stay. Add up bytes, not inputs."
    )


@pytest.mark.parametrize("workers", [2, 3, 5])
@points(2)
def test_place_keeps_neighbours_together_in_any_tree(student, rng, workers):
    """Results that are added up two by two: few of them travel, however the graph lists them."""
    graph, levels = random_pairs(rng, int(rng.integers(60, 100)))
    sizes = dict.fromkeys(graph, 1)
    placed = student.place(graph, sizes, workers)
    check_spread(placed, graph, workers, TOLD)
    assert oracle.bytes_moved(graph, sizes, placed) <= (workers - 1) * levels, hint(
        "Neighbours are those that meet soon in the graph, not those that stand side by side in "
        "the dict."
    )


# --- with_resources


def fleet(rng):
    """Workers of several kinds, tasks, and what these demand; every task fits somewhere."""
    graph = random_dag(rng, 45, 10)
    workers = [
        {"threads": 2, "memory": int(rng.integers(8, 12))},
        {"threads": 1, "GPU": 2, "memory": int(rng.integers(8, 16))},
        {"threads": int(rng.integers(3, 6)), "memory": 8},
    ]
    kinds = [{"threads": 1}, {"threads": 1, "GPU": 1}, {"threads": 1, "memory": 5}, {"memory": 3}]
    demand = {task: kinds[int(rng.integers(len(kinds)))] for task in graph}
    return shuffled(rng, graph), draw(rng, graph, 1, 20), demand, workers


@points(2)
def test_with_resources_never_gives_more_than_there_is(student, rng):
    """Threads, memory and GPUs of different workers are never oversubscribed."""
    graph, cost, demand, workers = fleet(rng)
    plan = student.with_resources(graph, cost, demand, workers)
    check_resources(plan, graph, cost, demand, workers, TOLD)


@points(2)
def test_with_resources_waits_no_longer_than_it_has_to(student, rng):
    """No task waits while some worker has room for it."""
    graph, cost, demand, workers = fleet(rng)
    plan = student.with_resources(graph, cost, demand, workers)
    check_resources(plan, graph, cost, demand, workers, TOLD)

    def fits(task, now):
        left = [room(plan, cost, demand, workers, worker, now) for worker in range(len(workers))]
        needs = demand[task].items()
        return any(all(each.get(name, 0) >= n for name, n in needs) for each in left)

    assert not waits(plan, graph, cost, fits), hint(
        "A task waited although there was room. A task that does not fit must not hold up the "
        "others, on any worker."
    )


@points(1)
def test_with_resources_says_what_can_never_run(student, rng):
    """One demand that no single worker meets is a ValueError, wherever it stands in the graph."""
    graph, cost, demand, workers = fleet(rng)
    demand[str(rng.choice(sorted(graph)))] = {"GPU": 1, "threads": 2}
    arguments = (graph, cost, demand, workers)
    assert student.run(refusal, student.ref("with_resources"), *arguments) == "ValueError", hint(
        "All of a task's demands have to be met by one and the same worker. If none can, say so."
    )


def unchanged(function, *arguments):
    """Probe: whether a call leaves its arguments as they were."""
    from copy import deepcopy

    before = deepcopy(arguments)
    function(*arguments)
    return list(arguments) == list(before)


@points(1)
def test_with_resources_leaves_the_offers_alone(student, rng):
    """What the workers offer is the same after the call as before."""
    assert student.run(unchanged, student.ref("with_resources"), *fleet(rng)), hint(
        "Count down a copy: the caller still needs to know what his workers offer."
    )


# --- assign


def size(graph):
    return len(graph) + sum(map(len, graph.values()))


@pytest.mark.parametrize(("reach", "far"), [(3, 5), (12, 40), (80, 40), (80, 1)])
@points(1)
def test_assign_finds_exactly_the_best_plan(student, rng, reach, far):
    """The same plan as asking every worker, whether inputs are near or far."""
    graph = random_dag(rng, 80, reach)
    cost, move = draw(rng, graph, 1, 20), draw(rng, graph, 0, far)
    for workers in (1, 3, 12):
        plan = student.assign(graph, cost, move, workers)
        assert plan == oracle.assign(graph, cost, move, workers), hint(
            "A worker that you did not ask would have been better, or free for longer: mind what "
            "the text says about equals."
        )


@points(3)
def test_assign_asks_few_workers(student, rng):
    """With 250 workers, at most 150 sums and comparisons for each task and edge."""
    graph = random_dag(rng, 600, int(rng.integers(280, 320)), most=2)
    cost, move = draw(rng, graph, 1, 20), draw(rng, graph, 0, 15)
    most = 150 * size(graph)
    plan, count = student.run(counted, student.ref("assign"), graph, cost, move, 250, most)
    assert count <= most, hint(
        "Your function still looks at a great many workers for each task. Which of those that hold"
        " no input can be the best?"
    )
    assert plan == oracle.assign(graph, cost, move, 250), hint(
        "Fewer questions, but another plan: the best worker was not among those you asked."
    )
