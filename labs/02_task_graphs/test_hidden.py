"""The hidden tests of lab 02: the same questions, asked of graphs that are drawn anew."""

from itertools import pairwise
from zlib import crc32

import pytest

from autograder.testing import hint, points
from solutions import dsk as reference
from solutions import graph as oracle

OPERATIONS = ["inc", "double", "add", "sub", "total"]


def words(rng, many):
    """That many different names in no order."""
    return [f"n{number:04}" for number in rng.choice(10_000, many, replace=False)]


def shuffled(rng, mapping):
    keys = list(mapping)
    return {keys[i]: mapping[keys[i]] for i in rng.permutation(len(keys))}


def draw_dag(rng, tasks, reach):
    """Each task may depend on some of the `reach` tasks made just before it."""
    names, graph = words(rng, tasks), {}
    for place, name in enumerate(names):
        near = names[max(0, place - reach) : place]
        graph[name] = [near[i] for i in rng.permutation(len(near))[: int(rng.integers(0, 4))]]
    return shuffled(rng, graph)


def draw_dsk(rng, keys, reach=6):
    """Expressions with nested tasks, chains and literals, some of them words that are no keys."""
    names, dsk = words(rng, keys), {}
    for place, name in enumerate(names):
        near = names[max(0, place - int(rng.integers(1, reach))) : place]
        dsk[name] = draw_task(rng, near) if near and rng.random() < 0.9 else int(rng.integers(100))
    return shuffled(rng, dsk)


def draw_task(rng, near):
    """A task that refers to one or two keys out of `near`, now and then to one of them twice."""
    one, other = (near[-1], near[0]) if rng.random() < 0.5 else (near[0], near[-1])
    name, outer = (str(rng.choice(OPERATIONS)) for _ in range(2))
    literal = int(rng.integers(100))
    once = [(name, one), (name, one, literal), (name, (outer, "a word", one))]
    twice = [(name, one, other), (name, other, (outer, one, (name, literal)))]
    shapes = once + twice if one != other or rng.random() < 0.2 else once
    return shapes[int(rng.integers(len(shapes)))]


def ladder(rng, layers):
    """Two tasks a layer, each depending on both of the layer before: 2 ** layers paths."""
    names, graph = words(rng, 2 * layers), {}
    for place, name in enumerate(names):
        layer = place // 2 * 2
        graph[name] = names[layer - 2 : layer] if layer else []
    return shuffled(rng, graph)


def chain(rng, tasks):
    names = words(rng, tasks)
    return shuffled(rng, {name: names[i - 1 : i] if i else [] for i, name in enumerate(names)})


def size(graph):
    return len(graph) + sum(map(len, graph.values()))


def print_of(dsk, key):
    """A fingerprint of a key's result, whatever the operations do: who calls what with what."""
    known = {}

    def look(expression):
        if isinstance(expression, tuple):
            return crc32(repr((expression[0], [look(part) for part in expression[1:]])).encode())
        if isinstance(expression, str) and expression in dsk:
            if expression not in known:
                known[expression] = look(dsk[expression])
            return known[expression]
        return expression

    return look(key)


def operations(expression):
    parts = expression[1:] if isinstance(expression, tuple) else ()
    return isinstance(expression, tuple) + sum(map(operations, parts))


def missing(smaller, dsk, wanted):
    """The keys of `dsk` that `smaller` should have and has not."""
    named = {k for e in smaller.values() for k in reference.references(e, dsk)}
    return (named | set(wanted)) - set(smaller)


def outcome(function, *arguments):
    """Probe: the result of a call, and the built-in exception that it ended with."""
    try:
        return function(*arguments), "nothing"
    except (RecursionError, ValueError, KeyError) as error:
        kinds = (RecursionError, ValueError, KeyError)
        return None, next(kind.__name__ for kind in kinds if isinstance(error, kind))


def unchanged(function, *arguments):
    """Probe: whether a call leaves its arguments as they were."""
    from copy import deepcopy

    before = deepcopy(arguments)
    function(*arguments)
    return arguments == before


def counted(function, graph, other, most):
    """Probe: a call's result, and how often it looked names up (it ends after `most`)."""
    count = 0

    class TooMany(BaseException):
        pass

    class Name(str):
        def __hash__(self):
            nonlocal count
            count += 1
            if count > most:
                raise TooMany
            return str.__hash__(self)

        def __eq__(self, other):
            hash(self)
            return str.__eq__(self, other)

    names = {task: Name(task) for task in graph}
    tasks = {names[task]: [names[d] for d in needs] for task, needs in graph.items()}
    costs = isinstance(other, dict) and {names[task]: other[task] for task in other}
    count = 0
    try:
        return function(tasks, costs or names[other]), count
    except TooMany:
        return None, count


def check_order(order, graph):
    assert isinstance(order, list), hint("Return the order as a list of task names.")
    assert sorted(order) == sorted(graph), hint("Every task belongs in the order exactly once.")
    place = {task: i for i, task in enumerate(order)}
    early = [(t, d) for t, needs in graph.items() for d in needs if place[t] < place[d]]
    assert early == [], hint(
        "A task stands before one of its dependencies. Two tasks may be equally far from the start "
        "and still depend on each other."
    )


def check_cycle(cycle, graph):
    assert cycle is not None, hint("There is a cycle in this graph, and you returned None.")
    assert len(set(cycle)) == len(cycle) > 0, hint("A cycle lists each of its tasks once.")
    steps = zip(cycle, [*cycle[1:], cycle[0]], strict=True)
    assert all(following in graph[task] for task, following in steps), hint(
        "In a cycle each task depends on the next one, and the last on the first. A task that "
        "leads into the cycle, or that waits for it, is no part of it."
    )


# --- toposort


@pytest.mark.parametrize(("tasks", "reach"), [(0, 1), (1, 1), (120, 3), (120, 120)])
@points(2)
def test_toposort_orders_any_graph(student, rng, tasks, reach):
    """Every task once, after all of its dependencies, in graphs of every shape."""
    graph = draw_dag(rng, tasks, reach)
    check_order(student.toposort(graph), graph)


@points(1)
def test_toposort_refuses_a_cycle_among_many_tasks(student, rng):
    """One wrong edge in a large graph is enough for ValueError."""
    graph = draw_dag(rng, 100, 5)
    first, *_, last = oracle.critical_path(graph, dict.fromkeys(graph, 1))
    graph[first] = [*graph[first], last]
    _, error = student.run(outcome, student.ref("toposort"), graph)
    assert error == "ValueError", hint("Tasks in a cycle never become ready: say so by ValueError.")


@points(1)
def test_toposort_refuses_an_unknown_dependency(student, rng):
    """A dependency that is no task of the graph is a KeyError."""
    graph = draw_dag(rng, 20, 5)
    unlucky, stranger = str(rng.choice(sorted(graph))), "nobody"
    graph[unlucky] = [*graph[unlucky], stranger]
    _, error = student.run(outcome, student.ref("toposort"), graph)
    assert error == "KeyError", hint(
        "A task depends on a name that is no key of the graph. Neither invent it nor ignore it."
    )


@points(1)
def test_toposort_handles_a_long_chain(student, rng):
    """Thousands of tasks in one chain are no problem."""
    graph = chain(rng, int(rng.integers(4000, 5000)))
    order, error = student.run(outcome, student.ref("toposort"), graph)
    assert error == "nothing", hint("Python ends a recursion after about 1,000 calls: use a loop.")
    check_order(order, graph)


@points(1)
def test_toposort_leaves_the_graph_alone(student, rng):
    """The graph is the same after the call as before."""
    graph = draw_dag(rng, 30, 4)
    assert student.run(unchanged, student.ref("toposort"), graph), hint(
        "Your function takes the caller's graph apart. Keep your own notes beside it."
    )


# --- find_cycle


@points(2)
def test_find_cycle_returns_a_real_cycle(student, rng):
    """Whichever cycle it returns, each of its tasks depends on the next."""
    for reach in (2, 5, 60):
        graph = draw_dag(rng, 60, reach)
        path = oracle.critical_path(graph, dict.fromkeys(graph, 1))
        cut = int(rng.integers(len(path) - 2))
        graph[path[cut]] = [*graph[path[cut]], path[-1]]
        check_cycle(student.find_cycle(shuffled(rng, graph)), graph)


@points(2)
def test_find_cycle_accepts_diamonds(student, rng):
    """Two ways to the same task are no cycle."""
    for reach in (3, 10, 40):
        graph = draw_dag(rng, 60, reach)
        assert student.find_cycle(graph) is None, hint(
            "Meeting a task for the second time is no cycle yet: it may be reached in two ways. "
            "It is a cycle only if the task is still on the way that you are walking."
        )


@points(1)
def test_find_cycle_looks_everywhere(student, rng):
    """A cycle is found although the rest of the graph has nothing to do with it."""
    graph = draw_dag(rng, 30, 4)
    ring = [f"ring {number}" for number in range(int(rng.integers(3, 9)))]
    graph |= {task: [ring[i - 1]] for i, task in enumerate(ring)}
    check_cycle(student.find_cycle(graph), graph)


@points(1)
def test_find_cycle_handles_a_long_ring(student, rng):
    """A cycle of thousands of tasks is found too."""
    names = words(rng, int(rng.integers(4000, 5000)))
    graph = {name: [names[i - 1]] for i, name in enumerate(names)}
    cycle, error = student.run(outcome, student.ref("find_cycle"), graph)
    assert error == "nothing", hint("Python ends a recursion after about 1,000 calls: use a loop.")
    check_cycle(cycle, graph)


# --- ancestors


@points(2)
def test_ancestors_of_any_task(student, rng):
    """Everything that must run before, and nothing else."""
    for reach in (2, 6, 50):
        graph = draw_dag(rng, 50, reach)
        for key in rng.choice(sorted(graph), 5, replace=False):
            assert student.ancestors(graph, str(key)) == oracle.ancestors(graph, str(key)), hint(
                "Follow dependencies to the end, leave out the task itself, and return a set."
            )


@points(1)
def test_ancestors_along_a_long_chain(student, rng):
    """The last task of a long chain needs all the others."""
    graph = chain(rng, int(rng.integers(4000, 5000)))
    last = oracle.toposort(graph)[-1]
    found, error = student.run(outcome, student.ref("ancestors"), graph, last)
    assert error == "nothing", hint("Python ends a recursion after about 1,000 calls: use a loop.")
    assert found == set(graph) - {last}, hint("Every other task of a chain comes before the last.")


@points(2)
def test_ancestors_looks_at_each_task_once(student, rng):
    """Many ways to the same tasks cost few look-ups."""
    graph = ladder(rng, int(rng.integers(35, 45)))
    last = oracle.toposort(graph)[-1]
    most = 20 * size(graph)
    found, count = student.run(counted, student.ref("ancestors"), graph, last, most)
    assert count <= most, hint(
        "Your function comes back to tasks that it has seen. What would it have to remember?"
    )
    assert found == oracle.ancestors(graph, last), hint(
        "Remember tasks, and still follow them all."
    )


@points(1)
def test_ancestors_of_an_unknown_task(student, rng):
    """A key that is no task of the graph is a KeyError, not an empty set."""
    graph = draw_dag(rng, 20, 5)
    _, error = student.run(outcome, student.ref("ancestors"), graph, "nobody")
    assert error == "KeyError", hint(
        "Nobody's ancestors are unknown, and not none: let KeyError out."
    )


# --- cull


@points(2)
def test_cull_keeps_exactly_what_is_needed(student, rng):
    """All that the requested keys need, and nothing else, with unchanged expressions."""
    for many in (1, 2, 4):
        dsk = draw_dsk(rng, 60)
        wanted = [str(key) for key in rng.choice(sorted(dsk), many, replace=False)]
        culled, error = student.run(outcome, student.ref("cull"), dsk, wanted)
        assert error == "nothing", hint(
            "A word that is no key of the dsk is a literal: leave it be."
        )
        assert missing(culled, dsk, wanted) == set(), hint(
            "Something is gone that the requested keys need, perhaps deep inside an expression."
        )
        assert set(culled) == set(reference.cull(dsk, wanted)), hint(
            "Something stays that nobody asked for. What depends on a requested key is not needed."
        )
        assert culled == {key: dsk[key] for key in culled}, hint("Keep each expression unchanged.")


@points(1)
def test_cull_takes_no_operation_for_a_key(student, rng):
    """Tasks that use an operation do not need a key that has the operation's name."""
    dsk = draw_dsk(rng, 40) | {name: int(rng.integers(9)) for name in OPERATIONS}
    wanted = [str(key) for key in rng.choice(sorted(set(dsk) - set(OPERATIONS)), 3, replace=False)]
    assert set(student.cull(dsk, wanted)) == set(reference.cull(dsk, wanted)), hint(
        "The first place of a tuple names what to do, not what to do it with."
    )


@points(1)
def test_cull_refuses_an_unknown_key(student, rng):
    """A requested key that is not there is a KeyError."""
    dsk = draw_dsk(rng, 20)
    _, error = student.run(outcome, student.ref("cull"), dsk, [*list(dsk)[:2], "nobody"])
    assert error == "KeyError", hint(
        "Somebody asked for a result that this dsk cannot give: say so."
    )


@points(1)
def test_cull_leaves_the_dsk_alone(student, rng):
    """The dsk is the same after the call as before."""
    dsk = draw_dsk(rng, 30)
    assert student.run(unchanged, student.ref("cull"), dsk, list(dsk)[:1]), hint(
        "The caller may want other keys next. Build a new dict."
    )


# --- fuse


def check_fused(fused, dsk, wanted):
    assert missing(fused, dsk, wanted) == set(), hint(
        "A key is gone that was asked for, or that an expression still refers to."
    )
    before = {key: print_of(dsk, key) for key in fused}
    assert {key: print_of(fused, key) for key in fused} == before, hint(
        "A result has changed. Only the reference makes way for the merged expression."
    )


@points(2)
def test_fuse_gives_the_same_results_everywhere(student, rng):
    """Every key that is left has the result that it had."""
    for reach in (2, 4, 10):
        dsk = draw_dsk(rng, 25, reach)
        wanted = [str(key) for key in rng.choice(sorted(dsk), 3, replace=False)]
        check_fused(student.fuse(dsk, wanted), dsk, wanted)


@points(2)
def test_fuse_merges_every_chain_whole(student, rng):
    """No two tasks of a linear chain stay apart, unless one of them was asked for."""
    for reach in (2, 3, 4):
        dsk = draw_dsk(rng, 25, reach)
        wanted = [str(key) for key in rng.choice(sorted(dsk), 3, replace=False)]
        fused = student.fuse(dsk, wanted)
        assert set(fused) <= set(dsk), hint("A merged task keeps the name of its last key.")
        left = set(fused) - set(reference.fuse(dsk, wanted))
        assert left == set(), hint("A chain is left in pieces, or a merged key is still there.")


@points(1)
def test_fuse_never_repeats_work(student, rng):
    """The fused graph holds each operation once."""
    for reach in (2, 4, 10):
        dsk = draw_dsk(rng, 25, reach)
        before = str(rng.choice(sorted(dsk)))
        dsk |= {"step": ("inc", before), "twice": ("add", "step", ("double", "step"))}
        fused = student.fuse(shuffled(rng, dsk), [])
        assert sum(map(operations, fused.values())) == sum(map(operations, dsk.values())), hint(
            "An expression now stands in two places, and runs twice. One task can also refer to a "
            "key twice."
        )


@points(1)
def test_fuse_leaves_joins_alone(student, rng):
    """Tasks that could run side by side stay tasks of their own."""
    names = words(rng, 9)
    left, right, end = names[:4], names[4:8], names[8]
    dsk = {end: ("add", left[-1], right[-1])}
    for arm in (left, right):
        steps = [("inc", before) for before in arm[:-1]]
        dsk |= dict(zip(arm, [int(rng.integers(100)), *steps], strict=True))
    fused = student.fuse(shuffled(rng, dsk), [end])
    assert set(fused) == {left[-1], right[-1], end}, hint(
        "Two workers could share the two arms of this graph. Merged into one task, they cannot."
    )


def chain_facts(function, places):
    """Probe: fuse a long chain; the keys left, how deep the tasks nest, and what is innermost."""
    last = f"k{len(places) - 1}"
    try:
        fused = function({f"k{i}": ("inc", f"k{i - 1}") if i else 0 for i in places}, [last])
    except RecursionError:
        return None
    expression, deep = fused.get(last), 0
    while isinstance(expression, tuple) and len(expression) == 2:
        expression, deep = expression[1], deep + 1
    return len(fused), deep, expression


@points(1)
def test_fuse_handles_a_long_chain(student, rng):
    """Thousands of tasks in one chain become one task."""
    length = int(rng.integers(3000, 4000))
    places = rng.permutation(length).tolist()
    facts = student.run(chain_facts, student.ref("fuse"), places)
    assert facts is not None, hint("Python ends a recursion after about 1,000 calls: use a loop.")
    assert facts == (1, length - 1, 0), hint("A chain, however long, ends up as one task.")


# --- critical_path


def check_path(path, graph, cost):
    assert isinstance(path, list), hint("Return the path as a list of task names.")
    assert all(before in graph[task] for before, task in pairwise(path)), hint(
        "Each task of the path must be a dependency of the next: it lists them as they run."
    )
    longest = sum(cost[task] for task in oracle.critical_path(graph, cost))
    assert sum(cost[task] for task in path) == longest, hint(
        "There is a path that takes longer. Do durations decide, and may it end at any task?"
    )


def draw_cost(rng, graph):
    return {task: int(rng.integers(0, 100)) for task in graph}


@pytest.mark.parametrize(("tasks", "reach"), [(0, 1), (60, 2), (60, 8), (60, 60)])
@points(2)
def test_critical_path_of_any_graph(student, rng, tasks, reach):
    """A real path with the largest possible sum of durations."""
    graph = draw_dag(rng, tasks, reach)
    cost = draw_cost(rng, graph)
    check_path(student.critical_path(graph, cost), graph, cost)


@points(1)
def test_critical_path_refuses_a_cycle(student, rng):
    """In a cycle there is no longest chain: ValueError."""
    graph = draw_dag(rng, 12, 3)
    first, *_, last = oracle.critical_path(graph, dict.fromkeys(graph, 1))
    graph[first] = [*graph[first], last]
    _, error = student.run(outcome, student.ref("critical_path"), graph, draw_cost(rng, graph))
    assert error == "ValueError", hint(
        "A cycle has no first task and no last. `toposort` would notice."
    )


@points(2)
def test_critical_path_does_not_walk_every_path(student, rng):
    """A ladder with more paths than a day has seconds costs few look-ups."""
    graph = ladder(rng, int(rng.integers(35, 45)))
    cost, most = draw_cost(rng, graph), 40 * size(graph)
    path, count = student.run(counted, student.ref("critical_path"), graph, cost, most)
    assert count <= most, hint(
        "Your function looks the same tasks up again and again. How much must one remember about a "
        "task, so as never to work it out twice?"
    )
    check_path(path, graph, cost)


@points(1)
def test_critical_path_looks_at_each_task_a_few_times(student, rng):
    """On a long chain the look-ups grow with the chain, not with its square."""
    graph = chain(rng, int(rng.integers(300, 350)))
    cost, most = draw_cost(rng, graph), 40 * size(graph)
    path, count = student.run(counted, student.ref("critical_path"), graph, cost, most)
    assert count <= most, hint(
        "Your function, or your toposort within it, goes through all tasks again for every task."
    )
    check_path(path, graph, cost)


def peak_bytes(function, graph, cost):
    """Probe: the most memory that a call holds at once, in bytes; None if it recurses too deep."""
    import tracemalloc

    tracemalloc.start()
    try:
        function(graph, cost)
    except RecursionError:
        return None
    else:
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@points(1)
def test_critical_path_keeps_short_notes(student, rng):
    """On a long chain it holds at most 1,000 bytes for each task and edge."""
    graph = chain(rng, int(rng.integers(1050, 1150)))
    graph = {task: graph[task] for task in reversed(oracle.toposort(graph))}
    most = 1000 * size(graph)
    peak = student.run(peak_bytes, student.ref("critical_path"), graph, draw_cost(rng, graph))
    assert peak is not None, hint("Python ends a recursion after about 1,000 calls: use a loop.")
    assert peak <= most, hint(
        "Your function keeps a whole path for every task. One name a task is enough to find back."
    )
