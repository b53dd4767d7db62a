"""What a plan must be: each task's worker and start. `told` holds the hints of a side's tests."""

from collections import Counter
from itertools import pairwise

from autograder.testing import hint


def check_plan(plan, graph, cost, workers, told):
    """Each task once, on a worker that there is, and after its dependencies."""
    assert sorted(plan) == sorted(graph), hint("Every task has its place in the plan exactly once.")
    strangers = [task for task, (worker, _) in plan.items() if worker not in range(workers)]
    assert strangers == [], hint("Workers are numbered from 0.")
    end = {task: start + cost[task] for task, (_, start) in plan.items()}
    early = [(t, d) for t, needs in graph.items() for d in needs if plan[t][1] < end[d]]
    assert early == [], hint(told["early"])


def check_alone(plan, cost, told):
    """No two tasks at the same time on the same worker."""
    spans = sorted((w, start, start + cost[task], task) for task, (w, start) in plan.items())
    both = [(a[3], b[3]) for a, b in pairwise(spans) if a[0] == b[0] and b[1] < a[2]]
    assert both == [], hint(told["both"])


def waits(plan, graph, cost, could_run):
    """(time, task): it could have run, and did not; things only change when a task ends."""
    end = {task: start + cost[task] for task, (_, start) in plan.items()}
    found = []
    for task, (_, start) in plan.items():
        ready = max((end[needed] for needed in graph[task]), default=0)
        times = {ready, *end.values()}
        found += [(now, task) for now in times if ready <= now < start and could_run(task, now)]
    return found


def anybody_free(plan, cost, workers):
    """Whether at a time some worker has nothing to do, as a `could_run` of `waits`."""

    def free(_task, now):
        return sum(s <= now < s + cost[other] for other, (_, s) in plan.items()) < workers

    return free


def check_spread(placed, graph, workers, told):
    """Each task on a worker that there is, and those without inputs in equal shares."""
    assert sorted(placed) == sorted(graph), hint("Every task needs a worker.")
    assert set(placed.values()) <= set(range(workers)), hint("Workers are numbered from 0.")
    many = Counter(placed[task] for task, needs in graph.items() if not needs)
    shares = [many[worker] for worker in range(workers)]
    assert max(shares) - min(shares) <= 1, hint(told["shares"])


def room(plan, cost, demand, workers, worker, now):
    """What a worker has left at a time."""
    there = [t for t, (w, start) in plan.items() if w == worker and start <= now < start + cost[t]]
    return {
        name: offer - sum(demand[task].get(name, 0) for task in there)
        for name, offer in workers[worker].items()
    }


def check_resources(plan, graph, cost, demand, workers, told):
    """At no time do the tasks of a worker demand more than it offers."""
    check_plan(plan, graph, cost, len(workers), told)
    for task, (worker, _) in plan.items():
        lacking = [n for n, amount in demand[task].items() if amount > workers[worker].get(n, 0)]
        assert lacking == [], hint(told["lacking"])
    for now in sorted({start for _, start in plan.values()}):
        for worker in range(len(workers)):
            left = room(plan, cost, demand, workers, worker, now)
            assert min(left.values(), default=0) >= 0, hint(told["too much"])
