"""The visible tests of lab 03's plans: what a decision must be, never one particular decision."""

import pytest

from autograder.testing import hint, points
from plans import anybody_free, check_alone, check_plan, check_resources, check_spread, waits
from probes import counted, refusal
from task_graphs import MORNING, draw, pairs, random_dag

TOLD = {
    "early": "In each pair here the first task starts before the second, whose result it needs, "
    "has ended.",
    "both": "These pairs run on the same worker at the same time.",
    "shares": "These are the workers' shares of the tasks that need nothing. Moving no bytes is "
    "easy if one worker does it all.",
    "lacking": "A task runs on a worker that does not offer what it demands.",
    "too much": "At some time the tasks of a worker demand more than it offers. What a task takes,"
    " it takes from its start to its end.",
}


# --- schedule


@points(1)
def test_schedule_plans_the_morning(student):
    """On two workers, counting and mapping run side by side."""
    cost = {"load": 10, "clean": 5, "count": 3, "map": 20}
    plan = student.schedule(MORNING, cost, 2)
    check_plan(plan, MORNING, cost, 2, TOLD)
    check_alone(plan, cost, TOLD)
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
    check_plan(plan, graph, cost, workers, TOLD)
    check_alone(plan, cost, TOLD)


@points(2)
def test_schedule_lets_nobody_idle(student, rng):
    """No worker is free while there is a task that could start."""
    graph = random_dag(rng, 40)
    cost = draw(rng, graph, 1, 20)
    plan = student.schedule(graph, cost, 3)
    check_plan(plan, graph, cost, 3, TOLD)
    assert waits(plan, graph, cost, anybody_free(plan, cost, 3)) == [], hint(
        "Each pair is a time at which a worker was free and a task that could have started then. "
        "Do not give tasks to workers in advance: give one to whoever is free, when he is free."
    )


# --- place


def moved(graph, sizes, placed):
    trips = {(d, placed[task]) for task, needs in graph.items() for d in needs}
    return sum(sizes[d] for d, worker in trips if placed[d] != worker)


@points(1)
def test_place_follows_the_largest_input(student):
    """A task goes where its large input is, and the small one travels."""
    graph = {"big": [], "small": [], "both": ["small", "big"], "after": ["both"]}
    sizes = {"big": 900, "small": 10, "both": 50, "after": 1}
    placed = student.place(graph, sizes, 2)
    check_spread(placed, graph, 2, TOLD)
    assert moved(graph, sizes, placed) == 10, hint(
        "Look at the bytes of the inputs, not at their number: only the small one has to travel."
    )


@points(2)
def test_place_moves_little(student, rng):
    """In any graph, no more than all inputs but the largest of each task."""
    graph = random_dag(rng, 80)
    sizes = draw(rng, graph, 1, 1000)
    placed = student.place(graph, sizes, 4)
    check_spread(placed, graph, 4, TOLD)
    inputs = [[sizes[d] for d in needs] for needs in graph.values() if needs]
    assert moved(graph, sizes, placed) <= sum(sum(each) - max(each) for each in inputs), hint(
        "A task that needs results should run where most of their bytes already are."
    )


@points(2)
def test_place_keeps_neighbours_together(student):
    """64 results that are added up two by two on 4 workers: few pairs lie on two workers."""
    graph, levels = pairs([f"task {number:03}" for number in range(128)], 64)
    placed = student.place(graph, dict.fromkeys(graph, 1), 4)
    check_spread(placed, graph, 4, TOLD)
    assert moved(graph, dict.fromkeys(graph, 1), placed) <= 3 * levels, hint(
        "So many results travel. Leaves that are added up should be on one worker, so deal them "
        "out in blocks of neighbours, not in turns."
    )


# --- with_resources


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
    check_resources(plan, graph, cost, demand, workers, TOLD)
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
    check_resources(plan, graph, cost, demand, workers, TOLD)


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
    graph = random_dag(rng, 600, reach=300, most=2)
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
