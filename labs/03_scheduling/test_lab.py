"""The visible tests of lab 03: what a decision must be, never one particular decision."""

from collections import Counter
from itertools import pairwise

import pytest

from autograder.testing import hint, points

MORNING = {"load": [], "clean": ["load"], "count": ["clean"], "map": ["clean"]}


def random_dag(rng, tasks, reach=8):
    """A graph that lists every task after its dependencies, which are among the `reach` before."""
    names = [f"t{number:03}" for number in rng.permutation(tasks)]
    graph = {}
    for place, name in enumerate(names):
        near = names[max(0, place - reach) : place]
        graph[name] = [near[i] for i in rng.permutation(len(near))[: int(rng.integers(0, 3))]]
    return graph


def draw(rng, graph, least, most):
    return {task: int(rng.integers(least, most)) for task in graph}


def pairs(leaves):
    """Leaves that are added up two by two, and how many levels the tree has."""
    graph, layer, levels = {f"leaf {i:03}": [] for i in range(leaves)}, [], 0
    layer = list(graph)
    while len(layer) > 1:
        levels += 1
        above = {f"sum {levels} {i}": layer[2 * i : 2 * i + 2] for i in range(len(layer) // 2)}
        graph |= above
        layer = [*above, *layer[2 * len(above) :]]
    return graph, levels


# --- get


def computed(get, kind):
    """Probe: what a collection gives on this scheduler, as plain data."""
    import dask.array as da
    import dask.bag as db
    import dask.dataframe as dd
    import pandas as pd
    from dask.delayed import delayed

    if kind == "array":
        x = da.arange(16).reshape(4, 4).rechunk((2, 2))
        return (x + x.T).sum(axis=0).compute(scheduler=get).tolist()
    if kind == "bag":
        words = db.from_sequence(["to", "be", "or", "not", "to", "be"], npartitions=3)
        return dict(words.frequencies().compute(scheduler=get))
    if kind == "dataframe":
        frame = pd.DataFrame({"k": list("abcab"), "v": range(5)})
        lazy = dd.from_pandas(frame, npartitions=2)
        return {k: int(v) for k, v in lazy.groupby("k").v.sum().compute(scheduler=get).items()}
    return delayed(sum)([delayed(abs)(-2), delayed(abs)(5)]).compute(scheduler=get)


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


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("array", [30, 50, 70, 90]),
        ("bag", {"to": 2, "be": 2, "or": 1, "not": 1}),
        ("dataframe", {"a": 3, "b": 5, "c": 2}),
        ("delayed", 7),
    ],
)
@points(1)
def test_get_runs_dask(student, kind, expected):
    """An array, a bag, a data frame and delayed calls give what they should."""
    assert student.run(computed, student.ref("get"), kind) == expected, hint(
        "Call each task with a dict of exactly the results it depends on: `task({key: result, …})`."
    )


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["c", "a"], [3, 1]),
        ([["c"], ["a", ["b"]]], [[3], [1, [2]]]),
        ("b", 2),
        ([["c"], "c"], [[3], 3]),
    ],
    ids=["list", "nested", "one key", "twice"],
)
@points(1)
def test_get_answers_in_the_shape_of_the_keys(student, keys, expected):
    """Keys in lists in lists give results in lists in lists; one key gives one result."""
    dsk = {"a": [1], "b": ["a", "a"], "c": ["a", "b"]}
    answer, _ = student.run(outcome, student.ref("get"), dsk, keys)
    assert answer == expected, hint(
        "The answer has the shape of `keys`: put each key's result where the key stands, as deep "
        "as it stands."
    )


@points(2)
def test_get_runs_each_task_once(student):
    """A result that two tasks need is computed once, and what nobody needs never."""
    graph = MORNING | {"report": ["count", "map"], "weather": []}
    ran, _ = student.run(recorded, student.ref("get"), graph, [["report"]])
    assert "weather" not in ran, hint("Nobody asked for `weather`: only run what the keys need.")
    assert ran == dict.fromkeys([*MORNING, "report"], 1), hint(
        "Some task ran more than once, or never. Keep the result of a task for all who need it."
    )


@points(2)
def test_get_drops_results_in_time(student):
    """Along a chain of 50 tasks, two results are held at once."""
    graph = {f"t{i}": [f"t{i - 1}"] if i else [] for i in range(50)}
    _, most = student.run(recorded, student.ref("get"), graph, ["t49"])
    assert most <= 2, hint(
        "A result that nobody will read again still takes memory. Count for each result who still "
        "needs it, and `del` it at 0."
    )


# --- schedule


def check_plan(plan, graph, cost, workers):
    assert sorted(plan) == sorted(graph), hint("Every task has its place in the plan exactly once.")
    strangers = [task for task, (worker, _) in plan.items() if worker not in range(workers)]
    assert strangers == [], hint("Workers are numbered from 0.")
    end = {task: start + cost[task] for task, (_, start) in plan.items()}
    early = [(t, d) for t, needs in graph.items() for d in needs if plan[t][1] < end[d]]
    assert early == [], hint(
        "In each pair here the first task starts before the second, whose result it needs, has "
        "ended."
    )


def check_alone(plan, cost):
    spans = sorted((w, start, start + cost[task], task) for task, (w, start) in plan.items())
    both = [(a[3], b[3]) for a, b in pairwise(spans) if a[0] == b[0] and b[1] < a[2]]
    assert both == [], hint("These pairs run on the same worker at the same time.")


def idle_times(plan, graph, cost, workers):
    """(time, task): a worker was free, and the task could have started."""
    end = {task: start + cost[task] for task, (_, start) in plan.items()}
    found = []
    for task, (_, start) in plan.items():
        could = max((end[needed] for needed in graph[task]), default=0)
        for now in {could, *end.values()}:
            busy = sum(s <= now < end[other] for other, (_, s) in plan.items())
            if could <= now < start and busy < workers:
                found.append((now, task))
    return found


@points(1)
def test_schedule_plans_the_morning(student):
    """On two workers, counting and mapping run side by side."""
    cost = {"load": 10, "clean": 5, "count": 3, "map": 20}
    plan = student.schedule(MORNING, cost, 2)
    check_plan(plan, MORNING, cost, 2)
    check_alone(plan, cost)
    assert max(start + cost[task] for task, (_, start) in plan.items()) == 35, hint(
        "When `clean` has ended, `count` and `map` are both ready, and there are two workers."
    )


@pytest.mark.parametrize("workers", [1, 3])
@points(1)
def test_schedule_keeps_the_rules(student, rng, workers):
    """Sixty tasks: each once, after its dependencies, and no two at once on a worker."""
    graph = random_dag(rng, 60)
    cost = draw(rng, graph, 1, 20)
    plan = student.schedule(graph, cost, workers)
    check_plan(plan, graph, cost, workers)
    check_alone(plan, cost)


@points(2)
def test_schedule_lets_nobody_idle(student, rng):
    """No worker is free while there is a task that could start."""
    graph = random_dag(rng, 40)
    cost = draw(rng, graph, 1, 20)
    plan = student.schedule(graph, cost, 3)
    check_plan(plan, graph, cost, 3)
    assert idle_times(plan, graph, cost, 3) == [], hint(
        "Each pair is a time at which a worker was free and a task that could have started then. "
        "Do not give tasks to workers in advance: give one to whoever is free, when he is free."
    )


# --- place


def moved(graph, sizes, placed):
    trips = {(d, placed[task]) for task, needs in graph.items() for d in needs}
    return sum(sizes[d] for d, worker in trips if placed[d] != worker)


def check_spread(placed, graph, workers):
    assert sorted(placed) == sorted(graph), hint("Every task needs a worker.")
    assert set(placed.values()) <= set(range(workers)), hint("Workers are numbered from 0.")
    many = Counter(placed[task] for task, needs in graph.items() if not needs)
    shares = [many[worker] for worker in range(workers)]
    assert max(shares) - min(shares) <= 1, hint(
        "These are the workers' shares of the tasks that need nothing. Moving no bytes is easy if "
        "one worker does it all."
    )


@points(1)
def test_place_follows_the_largest_input(student):
    """A task goes where its large input is, and the small one travels."""
    graph = {"big": [], "small": [], "both": ["small", "big"], "after": ["both"]}
    sizes = {"big": 900, "small": 10, "both": 50, "after": 1}
    placed = student.place(graph, sizes, 2)
    check_spread(placed, graph, 2)
    assert moved(graph, sizes, placed) == 10, hint(
        "Look at the bytes of the inputs, not at their number: only the small one has to travel."
    )


@points(2)
def test_place_moves_little(student, rng):
    """In any graph, no more than all inputs but the largest of each task."""
    graph = random_dag(rng, 80)
    sizes = draw(rng, graph, 1, 1000)
    placed = student.place(graph, sizes, 4)
    check_spread(placed, graph, 4)
    inputs = [[sizes[d] for d in needs] for needs in graph.values() if needs]
    assert moved(graph, sizes, placed) <= sum(sum(each) - max(each) for each in inputs), hint(
        "A task that needs results should run where most of their bytes already are."
    )


@points(2)
def test_place_keeps_neighbours_together(student):
    """64 results that are added up two by two on 4 workers: few pairs lie on two workers."""
    graph, levels = pairs(64)
    placed = student.place(graph, dict.fromkeys(graph, 1), 4)
    check_spread(placed, graph, 4)
    assert moved(graph, dict.fromkeys(graph, 1), placed) <= 3 * levels, hint(
        "So many results travel. Leaves that are added up should be on one worker, so deal them "
        "out in blocks of neighbours, not in turns."
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
    for task, (worker, _) in plan.items():
        lacking = [n for n, amount in demand[task].items() if amount > workers[worker].get(n, 0)]
        assert lacking == [], hint("A task runs on a worker that does not offer what it demands.")
    for now in sorted({start for _, start in plan.values()}):
        for worker in range(len(workers)):
            left = room(plan, cost, demand, workers, worker, now)
            assert min(left.values(), default=0) >= 0, hint(
                "At some time the tasks of a worker demand more than it offers. What a task takes,"
                " it takes from its start to its end."
            )


@points(1)
def test_with_resources_shares_one_gpu(student):
    """Two tasks that need the only GPU run one after the other, a third beside them."""
    graph = {"train": [], "tune": [], "plot": []}
    demand = {
        "train": {"threads": 1, "GPU": 1},
        "tune": {"threads": 1, "GPU": 1},
        "plot": {"threads": 1},
    }
    workers, cost = [{"threads": 4, "GPU": 1}], dict.fromkeys(graph, 10)
    plan = student.with_resources(graph, cost, demand, workers)
    check_resources(plan, graph, cost, demand, workers)
    assert plan["plot"] == (0, 0), hint(
        "`plot` needs no GPU. Why does it wait behind a task that does?"
    )
    assert sorted(start for _, start in plan.values()) == [0, 0, 10], hint(
        "When the GPU is free again, the other task that needs it can start at once."
    )


@points(2)
def test_with_resources_never_oversubscribes(student, rng):
    """Forty tasks, three workers, threads and memory: no worker gives more than it has."""
    graph = random_dag(rng, 40)
    cost = draw(rng, graph, 1, 15)
    workers = [
        {"threads": 2, "memory": 8},
        {"threads": 4, "memory": 4},
        {"threads": 1, "memory": 16},
    ]
    demand = {t: {"threads": 1, "memory": int(rng.integers(0, 9))} for t in graph}
    plan = student.with_resources(graph, cost, demand, workers)
    check_resources(plan, graph, cost, demand, workers)


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
def test_with_resources_refuses_what_fits_nowhere(student):
    """Two workers with a GPU each are no worker with two: ValueError."""
    graph, gpu = {"a": [], "b": ["a"]}, {"GPU": 1}
    demand = {"a": gpu, "b": {"GPU": 2}}
    arguments = (graph, {"a": 1, "b": 1}, demand, [gpu, gpu])
    kind = student.run(refusal, student.ref("with_resources"), *arguments)
    assert kind == "ValueError", hint(
        "A task cannot be split over two workers. This one would wait for ever: say so at once."
    )


# --- steal


def gain(choice, queues, busy, cost, fetch):
    worker, stolen = choice
    queue = queues[worker]
    return busy[worker] + sum(cost[task] for task in queue[: queue.index(stolen)]) - fetch[stolen]


def most_gain(queues, busy, cost, fetch):
    choices = [(worker, task) for worker, queue in queues.items() for task in queue]
    return max((gain(choice, queues, busy, cost, fetch) for choice in choices), default=0)


def random_queues(rng):
    names = iter(f"t{number:03}" for number in rng.permutation(500))
    queues = {w: [next(names) for _ in range(int(rng.integers(0, 9)))] for w in range(1, 6)}
    tasks = [task for queue in queues.values() for task in queue]
    cost = {task: int(rng.integers(1, 60)) for task in tasks}
    return queues, {worker: int(rng.integers(0, 80)) for worker in queues}, cost


@points(1)
def test_steal_takes_what_waits_longest(student):
    """The last task of a long queue gains most if all inputs are equally far."""
    queues, cost = {1: ["a", "b", "c"], 2: ["d"]}, dict.fromkeys("abcd", 20)
    choice = student.steal(queues, {1: 10, 2: 5}, cost, dict.fromkeys("abcd", 10))
    assert choice == (1, "c"), hint(
        "The task that would run next gains least: it would start soon anyway."
    )


@points(1)
def test_steal_leaves_what_starts_sooner_at_home(student):
    """If fetching takes longer than waiting, nothing is stolen."""
    queues, cost = {1: ["a", "b"]}, {"a": 20, "b": 20}
    assert student.steal(queues, {1: 10}, cost, {"a": 10, "b": 90}) is None, hint(
        "Stealing has a price: the inputs have to travel. Return None if no task would start "
        "earlier."
    )


@points(2)
def test_steal_gains_as_much_as_possible(student, rng):
    """In queues drawn at random, no other task gains more."""
    queues, busy, cost = random_queues(rng)
    queues[1], cost["x"] = [*queues[1], "x"], 5
    fetch = {task: int(rng.integers(0, 60)) for task in cost}
    choice = student.steal(queues, busy, cost, fetch)
    best = most_gain(queues, busy, cost, fetch)
    assert (gain(choice, queues, busy, cost, fetch) if choice else 0) == max(best, 0), hint(
        "These are the milliseconds by which the stolen task starts earlier, yours and the most "
        "possible. When would a task start where it waits? After all that waits before it."
    )


# --- recover


@points(1)
def test_recover_is_not_a_restart(student):
    """What has a copy elsewhere, and what nobody needs any more, does not run again."""
    holders = {"clean": ["a", "b"], "count": ["b"], "map": ["a"]}
    assert student.recover(MORNING, holders, "b", ["count", "map"]) == {"count"}, hint(
        "Only `count` is lost for good, and its input still has a copy. Nothing else has to run."
    )


@points(1)
def test_recover_goes_back_as_far_as_it_must(student):
    """A released result runs again if a lost one needs it."""
    holders = {"clean": ["b"], "count": ["a"], "map": ["b"]}
    assert student.recover(MORNING, holders, "b", ["count", "map"]) == {"map", "clean", "load"}, (
        hint(
            "`map` needs `clean`, which is lost too, and that needs `load`, which was released "
            "long ago."
        )
    )


@points(2)
def test_recover_computes_nothing_for_nobody(student):
    """A lost result that has been used already is not missed."""
    holders = {"load": ["b"], "clean": ["b"], "count": ["a"], "map": ["a"]}
    assert student.recover(MORNING, holders, "b", ["count", "map"]) == set(), hint(
        "`load` and `clean` are lost, but everything that was made of them is there. Who would "
        "read them?"
    )


# --- assign


def ask_everybody(graph, cost, move, workers):
    """The plan that asks every worker about every task."""
    free, plan = [0] * workers, {}
    for task, needs in graph.items():
        ends = [(plan[d][0], plan[d][1] + cost[d], move[d]) for d in needs]
        start, _, worker = min(
            (max([free[w], *(e + (0 if v == w else m) for v, e, m in ends)]), free[w], w)
            for w in range(workers)
        )
        plan[task], free[worker] = (worker, start), start + cost[task]
    return plan


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


@points(1)
def test_assign_weighs_waiting_against_moving(student):
    """A task waits for a busy worker if its input would travel longer."""
    graph = {"a": [], "b": ["a"], "c": ["a"], "d": ["a"]}
    cost, move = {"a": 10, "b": 10, "c": 10, "d": 10}, {"a": 15, "b": 0, "c": 0, "d": 0}
    plan = student.assign(graph, cost, move, 2)
    assert plan == {"a": (0, 0), "b": (0, 10), "c": (0, 20), "d": (1, 25)}, hint(
        "`c` can start at 20 where `a` is, or at 25 elsewhere; for `d` it is 30 or 25."
    )


@points(2)
def test_assign_finds_the_same_plan_as_asking_everybody(student, rng):
    """The plan is exactly the one that asking every worker gives."""
    graph = random_dag(rng, 80, reach=20)
    cost, move = draw(rng, graph, 1, 20), draw(rng, graph, 0, 15)
    assert student.assign(graph, cost, move, 6) == ask_everybody(graph, cost, move, 6), hint(
        "Compare `(start, free[worker], worker)` in this order, on every worker that could be best."
    )


@points(2)
def test_assign_scales(student, rng):
    """With 250 workers, it adds up or compares at most 150 times for each task and edge."""
    graph = random_dag(rng, 600, reach=300)
    cost, move = draw(rng, graph, 1, 20), draw(rng, graph, 0, 15)
    most = 150 * (len(graph) + sum(map(len, graph.values())))
    ref = student.ref("assign")
    plan, count = student.run(counted, ref, graph, cost, move, 250, most)
    assert count <= most, hint(
        "It was stopped. Most workers hold no input of the task, and for all of these it takes "
        "equally long to fetch them. How many of them do you have to ask?"
    )
    assert plan == ask_everybody(graph, cost, move, 250), hint(
        "Fewer questions, but another plan: the best worker was not among those you asked."
    )
