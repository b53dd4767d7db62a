"""The hidden tests of lab 03: the same decisions, on graphs that are drawn anew.

Where a plan can be carried out, the simulator of `solutions` carries it out: each task is pinned to
its worker by a resource that only this worker offers.
"""

from collections import Counter
from itertools import pairwise

import pytest

from autograder.testing import hint, points
from solutions import graph as graphs
from solutions import placement as oracle
from solutions.job import Job
from solutions.machines import Machines
from solutions.recovery import recover
from solutions.simulator import simulate


def words(rng, many):
    """That many different names in no order."""
    return [f"n{number:04}" for number in rng.choice(10_000, many, replace=False)]


def shuffled(rng, mapping):
    keys = list(mapping)
    return {keys[i]: mapping[keys[i]] for i in rng.permutation(len(keys))}


def draw_dag(rng, tasks, reach, most=3):
    """Lists every task after its dependencies, which are some of the `reach` made just before."""
    names, graph = words(rng, tasks), {}
    for place, name in enumerate(names):
        near = names[max(0, place - reach) : place]
        graph[name] = [
            near[i] for i in rng.permutation(len(near))[: int(rng.integers(0, most + 1))]
        ]
    return graph


def draw(rng, graph, least, most):
    return {task: int(rng.integers(least, most)) for task in graph}


def size(graph):
    return len(graph) + sum(map(len, graph.values()))


def pairs(rng, leaves):
    """Leaves that are added up two by two, listed in no order; and how many levels the tree has."""
    names = iter(words(rng, 2 * leaves))
    layer = [next(names) for _ in range(leaves)]
    graph, levels = {name: [] for name in layer}, 0
    while len(layer) > 1:
        levels += 1
        above = {next(names): layer[i : i + 2] for i in range(0, len(layer) - 1, 2)}
        graph |= above
        layer = [*above, *layer[2 * len(above) :]]
    return shuffled(rng, graph), levels


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


# --- get


def outcome(get, dsk, keys):
    """Probe: the answer for a graph of sums, and the built-in exception it ended with."""
    graph = {key: (sum, parts) for key, parts in dsk.items()}
    try:
        return get(graph, keys), "nothing"
    except (KeyError, TypeError, RecursionError) as error:
        return None, type(error).__name__


def recorded(get, graph, keys):
    """Probe: how often each task ran, and the most results that were alive at once."""
    import gc
    import weakref
    from functools import partial

    class Result:
        pass

    ran, alive, most = {}, weakref.WeakSet(), 0

    def task(name, _inputs):
        nonlocal most
        ran[name] = ran.get(name, 0) + 1
        result = Result()
        alive.add(result)
        most = max(most, len(alive))
        return result

    gc.collect()
    get({name: (partial(task, name), list(needs)) for name, needs in graph.items()}, keys)
    return ran, most


def collections(get, numbers, chunk):
    """Probe: five numbers, each by another kind of Dask collection; the last two share a graph."""
    import dask.array as da
    import dask.bag as db
    import dask.dataframe as dd
    import pandas as pd
    from dask.base import compute
    from dask.delayed import delayed

    x = da.asarray(numbers).rechunk(chunk)
    bag = db.from_sequence(numbers, partition_size=chunk)
    frame = dd.from_pandas(pd.DataFrame({"v": numbers}), chunksize=chunk)
    total = delayed(sum)([delayed(abs)(number) for number in numbers])
    first = [
        (x * x[::-1]).sum().compute(scheduler=get),
        bag.filter(lambda n: n % 2).map(lambda n: 3 * n).sum().compute(scheduler=get),
        frame.set_index("v").index.max().compute(scheduler=get),
    ]
    return [int(each) for each in (*first, *compute(total, delayed(abs)(total), scheduler=get))]


@points(2)
def test_get_runs_collections_of_every_kind(student, rng):
    """Arrays, bags, data frames and delayed calls give what Python gives."""
    numbers = [int(n) for n in rng.integers(0, 100, int(rng.integers(20, 40)))]
    answers = student.run(collections, student.ref("get"), numbers, int(rng.integers(3, 7)))
    expected = [
        sum(a * b for a, b in zip(numbers, numbers[::-1], strict=True)),
        sum(3 * n for n in numbers if n % 2),
        max(numbers),
        sum(numbers),
        sum(numbers),
    ]
    assert answers == expected, hint(
        "Give each task the results of `task.dependencies`, under their own keys, and nothing else."
    )


@points(2)
def test_get_answers_any_nest_of_keys(student, rng):
    """Lists in lists, keys that are tuples, keys asked for twice."""
    names = [(name, place) for place, name in enumerate(words(rng, 12))]
    dsk = {name: [names[i] for i in range(place)] or [1] for place, name in enumerate(names)}
    value = {name: 2 ** max(0, place - 1) for place, name in enumerate(names)}
    a, b, c = (names[i] for i in rng.permutation(12)[:3])
    for keys in (a, [a], [[a, [b]], [[[c]], a], []]):
        answer, error = student.run(outcome, student.ref("get"), dsk, keys)
        assert error == "nothing", hint("A tuple is one key. Only a list is a list of keys.")

        def shape(part):
            return [shape(each) for each in part] if isinstance(part, list) else value[part]

        assert answer == shape(keys), hint(
            "Go down into lists, and put each key's result exactly where the key stands."
        )


@points(2)
def test_get_runs_what_is_needed_exactly_once(student, rng):
    """Each task that the keys need runs once, and no other task at all."""
    graph = shuffled(rng, draw_dag(rng, 50, 6))
    keys = [str(key) for key in rng.choice(sorted(graph), 4, replace=False)]
    needed = set(keys).union(*(graphs.ancestors(graph, key) for key in keys))
    ran, _ = student.run(recorded, student.ref("get"), graph, [keys[:2], [keys[2:]]])
    assert set(ran) == needed, hint("Run what the keys need, directly or not, and nothing else.")
    assert set(ran.values()) == {1}, hint("A task ran twice. Keep a result until nobody needs it.")


@points(2)
def test_get_holds_few_results_of_a_tree(student, rng):
    """Adding up numbers two by two takes about as many results at once as the tree has levels."""
    graph, levels = pairs(rng, int(rng.integers(100, 128)))
    last = next(task for task, used in graphs.dependents(graph).items() if not used)
    _, most = student.run(recorded, student.ref("get"), graph, [last])
    assert most <= levels + 3, hint(
        "Finish one branch before you begin the next, and drop each result when its last reader "
        "has run."
    )


@points(1)
def test_get_survives_a_long_chain(student, rng):
    """Thousands of tasks in one chain are no problem."""
    length = int(rng.integers(3000, 4000))
    names = words(rng, length)
    dsk = {name: [names[place - 1]] if place else [7] for place, name in enumerate(names)}
    answer, error = student.run(outcome, student.ref("get"), shuffled(rng, dsk), [names[-1]])
    assert error == "nothing", hint("Python ends a recursion after about 1,000 calls: use a loop.")
    assert answer == [7], hint("The last task of the chain has another result.")


# --- schedule


def check_plan(plan, graph, cost, workers):
    assert sorted(plan) == sorted(graph), hint("Every task has its place in the plan exactly once.")
    assert {worker for worker, _ in plan.values()} <= set(range(workers)), hint(
        "Workers are numbered from 0."
    )
    end = {task: start + cost[task] for task, (_, start) in plan.items()}
    early = [t for t, needs in graph.items() for d in needs if plan[t][1] < end[d]]
    assert early == [], hint("A task starts before a dependency has ended.")


def check_alone(plan, cost):
    spans = sorted((w, start, start + cost[task]) for task, (w, start) in plan.items())
    both = [b for a, b in pairwise(spans) if a[0] == b[0] and b[1] < a[2]]
    assert both == [], hint("Two tasks run on the same worker at the same time.")


def waits(plan, graph, cost, could_run):
    """Whether a task could have run before it did; things only change when a task ends."""
    end = {task: start + cost[task] for task, (_, start) in plan.items()}
    for task, (_, start) in plan.items():
        ready = max((end[needed] for needed in graph[task]), default=0)
        for now in {ready, *end.values()}:
            if ready <= now < start and could_run(task, now):
                return True
    return False


@pytest.mark.parametrize(("tasks", "reach"), [(0, 1), (60, 2), (60, 10), (60, 60)])
@points(2)
def test_schedule_keeps_the_bound(student, rng, tasks, reach):
    """At most 2 − 1/w times as long as the best plan can be, on 1 to 8 workers."""
    graph = shuffled(rng, draw_dag(rng, tasks, reach))
    cost = draw(rng, graph, 1, 50)
    longest = sum(cost[task] for task in graphs.critical_path(graph, cost))
    for workers in (1, 2, 8):
        plan = student.schedule(graph, cost, workers)
        check_plan(plan, graph, cost, workers)
        check_alone(plan, cost)
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
    check_plan(plan, graph, cost, workers)
    check_alone(plan, cost)
    assert max(start + cost[task] for task, (_, start) in plan.items()) <= (
        sum(cost.values()) / workers + 90
    ), hint("Shares of equal number are not equal work. Give each task to whoever is free first.")


@points(2)
def test_schedule_never_lets_a_worker_idle(student, rng):
    """At no time is a worker free while some task could start."""
    graph = shuffled(rng, draw_dag(rng, 50, 12))
    cost = draw(rng, graph, 1, 30)
    workers = int(rng.integers(2, 5))
    plan = student.schedule(graph, cost, workers)
    check_plan(plan, graph, cost, workers)

    def free(_task, now):
        return sum(s <= now < s + cost[other] for other, (_, s) in plan.items()) < workers

    assert not waits(plan, graph, cost, free), hint(
        "A worker was free while a task was ready. A worker that waits for one task's dependencies "
        "could run another task meanwhile."
    )


@points(1)
def test_schedule_can_be_carried_out(student, rng):
    """The simulator runs the plan and takes as long as the plan says."""
    graph = draw_dag(rng, 50, 12)
    cost, workers = draw(rng, graph, 1, 30), 3
    plan = student.schedule(graph, cost, workers)
    check_plan(plan, graph, cost, workers)
    order = sorted(plan, key=lambda task: plan[task][1])
    where = {task: worker for task, (worker, _) in plan.items()}
    run = carried_out(graph, cost, dict.fromkeys(graph, 0), where, order, workers)
    assert run.makespan <= max(start + cost[t] for t, (_, start) in plan.items()), hint(
        "Carried out, the plan takes longer than it says: two tasks of a worker overlap."
    )


# --- place


def check_spread(placed, graph, workers):
    assert sorted(placed) == sorted(graph), hint("Every task needs a worker.")
    assert set(placed.values()) <= set(range(workers)), hint("Workers are numbered from 0.")
    many = Counter(placed[task] for task, needs in graph.items() if not needs)
    shares = [many[worker] for worker in range(workers)]
    assert max(shares) - min(shares) <= 1, hint(
        "Some worker gets more of the tasks that need nothing than another, by more than one."
    )


@pytest.mark.parametrize("reach", [2, 8, 80])
@points(2)
def test_place_moves_all_but_the_largest_input_at_most(student, rng, reach):
    """The simulator carries the placement out, and few bytes travel."""
    graph = draw_dag(rng, 80, reach)
    sizes, workers = draw(rng, graph, 1, 10_000), int(rng.integers(2, 6))
    placed = student.place(shuffled(rng, graph), sizes, workers)
    check_spread(placed, graph, workers)
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
    check_spread(placed, graph, workers)
    assert oracle.bytes_moved(graph, sizes, placed) <= 2 * len(joins), hint(
        "A large input travelled so that two small ones could stay. Add up bytes, not inputs."
    )


@pytest.mark.parametrize("workers", [2, 3, 5])
@points(2)
def test_place_keeps_neighbours_together_in_any_tree(student, rng, workers):
    """Results that are added up two by two: few of them travel, however the graph lists them."""
    graph, levels = pairs(rng, int(rng.integers(60, 100)))
    sizes = dict.fromkeys(graph, 1)
    placed = student.place(graph, sizes, workers)
    check_spread(placed, graph, workers)
    assert oracle.bytes_moved(graph, sizes, placed) <= (workers - 1) * levels, hint(
        "Neighbours are those that meet soon in the graph, not those that stand side by side in "
        "the dict."
    )


# --- with_resources


def room(plan, cost, demand, workers, worker, now):
    there = [t for t, (w, start) in plan.items() if w == worker and start <= now < start + cost[t]]
    return {
        name: offer - sum(demand[task].get(name, 0) for task in there)
        for name, offer in workers[worker].items()
    }


def check_resources(plan, graph, cost, demand, workers):
    check_plan(plan, graph, cost, len(workers))
    for now in sorted({start for _, start in plan.values()}):
        for worker in range(len(workers)):
            left = room(plan, cost, demand, workers, worker, now)
            assert min(left.values(), default=0) >= 0, hint(
                "At some time the tasks of a worker demand more than it offers."
            )
    for task, (worker, _) in plan.items():
        assert all(n <= workers[worker].get(name, 0) for name, n in demand[task].items()), hint(
            "A task runs on a worker that does not offer what it demands at all."
        )


def fleet(rng):
    """Workers of several kinds, tasks, and what these demand; every task fits somewhere."""
    graph = draw_dag(rng, 45, 10)
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
    check_resources(
        student.with_resources(graph, cost, demand, workers), graph, cost, demand, workers
    )


@points(2)
def test_with_resources_waits_no_longer_than_it_has_to(student, rng):
    """No task waits while some worker has room for it."""
    graph, cost, demand, workers = fleet(rng)
    plan = student.with_resources(graph, cost, demand, workers)
    check_resources(plan, graph, cost, demand, workers)

    def fits(task, now):
        left = [room(plan, cost, demand, workers, worker, now) for worker in range(len(workers))]
        needs = demand[task].items()
        return any(all(each.get(name, 0) >= n for name, n in needs) for each in left)

    assert not waits(plan, graph, cost, fits), hint(
        "A task waited although there was room. A task that does not fit must not hold up the "
        "others, on any worker."
    )


def refusal(function, *arguments):
    """Probe: whether a call ends with ValueError, and not only after too many steps."""
    import sys

    steps = 0

    def count(*_):
        nonlocal steps
        steps += 1
        if steps > 100_000:
            raise TimeoutError
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        function(*arguments)
    except (ValueError, TimeoutError) as error:
        return type(error).__name__
    finally:
        sys.settrace(before)
    return "nothing"


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


# --- steal


def gain(choice, queues, busy, cost, fetch):
    worker, stolen = choice
    queue = queues[worker]
    return busy[worker] + sum(cost[task] for task in queue[: queue.index(stolen)]) - fetch[stolen]


def draw_queues(rng, far):
    names = iter(words(rng, 100))
    queues = {w: [next(names) for _ in range(int(rng.integers(0, 9)))] for w in range(1, 8)}
    tasks = [task for queue in queues.values() for task in queue]
    cost = {task: int(rng.integers(1, 60)) for task in tasks}
    fetch = {task: int(rng.integers(0, far)) for task in tasks}
    return queues, {worker: int(rng.integers(0, 80)) for worker in queues}, cost, fetch


@pytest.mark.parametrize("far", [10, 200, 2000])
@points(2)
def test_steal_gains_most_wherever_the_data_are(student, rng, far):
    """Near or far inputs: no other theft would make a task start that much earlier."""
    for _ in range(10):
        drawn = draw_queues(rng, far)
        choices = [(worker, task) for worker, queue in drawn[0].items() for task in queue]
        best = max((gain(choice, *drawn) for choice in choices), default=0)
        choice = student.steal(*drawn)
        assert (gain(choice, *drawn) if choice else 0) == max(best, 0), hint(
            "Another task would have gained more, or this one gains nothing. A task gains the time "
            "until it would start where it waits, less the time to fetch its inputs."
        )
        assert choice is None or best > 0, hint("If there is nothing to gain, return None.")


@points(1)
def test_steal_finds_nothing_in_empty_queues(student, rng):
    """Busy workers without waiting tasks: there is nothing to take."""
    busy = {worker: int(rng.integers(50, 90)) for worker in range(1, 5)}
    assert student.steal({worker: [] for worker in busy}, busy, {}, {}) is None, hint(
        "A task that already runs cannot be stolen."
    )


# --- recover


def draw_loss(rng, tasks, reach):
    """A graph in the middle of its work: some results are released, some held, some not made."""
    graph = draw_dag(rng, tasks, reach)
    done = int(tasks * 0.7)
    holders = {}
    for task in list(graph)[:done]:
        many = int(rng.integers(0, 3))
        if many:
            holders[task] = [f"w{i}" for i in rng.choice(4, many, replace=False)]
    last = [task for task, used in graphs.dependents(graph).items() if not used]
    return graph, shuffled(rng, holders), f"w{rng.integers(4)}", last


@pytest.mark.parametrize("reach", [2, 8, 60])
@points(2)
def test_recover_runs_exactly_what_is_needed(student, rng, reach):
    """Nothing too little and nothing too much, in graphs in the middle of their work."""
    graph, holders, lost, wanted = draw_loss(rng, 60, reach)
    again = student.recover(shuffled(rng, graph), holders, lost, wanted)
    least = recover(graph, holders, lost, wanted)
    assert least - set(again) == set(), hint(
        "Something is missing: a lost result may need others that are gone as well."
    )
    assert set(again) - least == set(), hint(
        "Something runs for nobody. Stop where a copy is left, and do not go where nobody asks."
    )
    assert isinstance(again, set), hint("Return a set of tasks.")


@points(1)
def test_recover_forgets_what_is_not_wanted(student, rng):
    """Whatever only leads to results that nobody asked for stays lost."""
    graph, holders, lost, wanted = draw_loss(rng, 60, 6)
    some = wanted[: max(1, len(wanted) // 3)]
    assert student.recover(graph, holders, lost, some) == recover(graph, holders, lost, some), hint(
        "Begin with what is wanted, not with what is lost."
    )


@points(1)
def test_recover_after_nothing_was_lost(student, rng):
    """If the lost worker held nothing alone, only what has not run yet has to run."""
    graph = draw_dag(rng, 40, 5)
    holders = {task: ["w0", "w1"] for task in graph}
    assert student.recover(graph, holders, "w1", list(graph)) == set(), hint(
        "Every result has a second copy."
    )


def depth(function, length):
    """Probe: how many tasks of a long chain run again, or None if it recurses too deep."""
    graph = {f"t{i}": [f"t{i - 1}"] if i else [] for i in range(length)}
    try:
        return len(function(graph, {f"t{length - 1}": ["a"]}, "a", [f"t{length - 1}"]))
    except RecursionError:
        return None


@points(1)
def test_recover_along_a_long_chain(student, rng):
    """The end of a long chain is lost, and everything before it was released."""
    length = int(rng.integers(4000, 5000))
    again = student.run(depth, student.ref("recover"), length)
    assert again is not None, hint("Python ends a recursion after about 1,000 calls: use a loop.")
    assert again == length, hint("Nothing of the chain is left, so all of it has to run.")


# --- assign


def counted(function, graph, cost, move, workers, most):
    """Probe: the plan, and how often times were added up or compared (it ends after `most`)."""
    count = 0

    class TooMany(BaseException):
        pass

    def note(name):
        plain = getattr(int, name)

        def counting(self, other):
            nonlocal count
            count += 1
            if count > most:
                raise TooMany
            result = plain(self, other)
            return counting_int(result) if type(result) is int else result

        return counting

    operations = "__add__ __radd__ __sub__ __rsub__ __lt__ __le__ __gt__ __ge__ __eq__ __ne__"
    methods = {name: note(name) for name in operations.split()}
    counting_int = type("Time", (int,), {**methods, "__hash__": int.__hash__})
    times = [{task: counting_int(value) for task, value in each.items()} for each in (cost, move)]
    try:
        plan = function(graph, *times, workers)
    except TooMany:
        return None, count
    return {task: (int(worker), int(start)) for task, (worker, start) in plan.items()}, count


@pytest.mark.parametrize(("reach", "far"), [(3, 5), (12, 40), (80, 40), (80, 1)])
@points(1)
def test_assign_finds_exactly_the_best_plan(student, rng, reach, far):
    """The same plan as asking every worker, whether inputs are near or far."""
    graph = draw_dag(rng, 80, reach)
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
    graph = draw_dag(rng, 600, int(rng.integers(280, 320)), most=2)
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
