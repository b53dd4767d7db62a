"""The visible tests of lab 02. They check what an answer must be, never one particular answer."""

import pytest

from autograder.testing import hint, points

MORNING = {
    "plot": ["count", "map"],
    "count": ["clean"],
    "map": ["clean"],
    "clean": ["load"],
    "load": [],
}
TOLL = {"x": 1, "y": ("inc", "x"), "z": ("add", "y", ("double", "x")), "w": ("double", "z")}


def random_dag(rng, tasks):
    """A graph without cycles; neither its names nor their order in the dict give it away."""
    names = [f"t{number:03}" for number in rng.permutation(tasks)]
    graph = {}
    for place, name in enumerate(names):
        many = min(place, int(rng.integers(0, 4)))
        graph[name] = [names[i] for i in rng.choice(place, many, replace=False)] if many else []
    return {names[i]: graph[names[i]] for i in rng.permutation(tasks)}


def random_dsk(rng, keys):
    """A dsk of chains, fan-outs and joins; its results are all numbers."""
    names = [f"k{number:03}" for number in rng.permutation(keys)]
    dsk = {}
    for place, name in enumerate(names):
        one, other = (names[place - 1], names[int(rng.integers(place))]) if place else ("", "")
        tasks = [("inc", one), ("double", one), ("sub", one, other), ("add", ("inc", other), 3)]
        dsk[name] = tasks[int(rng.integers(4))] if place % 7 else int(rng.integers(100))
    return {names[i]: dsk[names[i]] for i in rng.permutation(keys)}


def references(expression, dsk):
    """The keys that an expression refers to, as often as it does."""
    if isinstance(expression, tuple):
        return [key for part in expression[1:] for key in references(part, dsk)]
    return [expression] if isinstance(expression, str) and expression in dsk else []


def missing(smaller, dsk, wanted):
    """The keys of `dsk` that `smaller` should have and has not."""
    named = {key for expression in smaller.values() for key in references(expression, dsk)}
    return (named | set(wanted)) - set(smaller)


def value(dsk, expression, known):
    """An expression's value; `known` remembers the results of keys."""
    if isinstance(expression, tuple):
        name, *parts = expression
        numbers = [value(dsk, part, known) for part in parts]
        two = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b}
        one = {"inc": lambda a: a + 1, "double": lambda a: 2 * a}
        return {**one, **two}[name](*numbers)
    if not (isinstance(expression, str) and expression in dsk):
        return expression
    if expression not in known:
        known[expression] = value(dsk, dsk[expression], known)
    return known[expression]


def operations(expression):
    """How many operations an expression holds, nested ones too."""
    parts = expression[1:] if isinstance(expression, tuple) else ()
    return isinstance(expression, tuple) + sum(map(operations, parts))


def refusal(function, *arguments):
    """Probe: whether a call ends with ValueError."""
    try:
        function(*arguments)
    except ValueError:
        return "ValueError"
    return "nothing"


def counted(function, graph, cost, most):
    """Probe: the function's result, and how often it looked names up (it ends after `most`)."""
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
    costs = {names[task]: cost[task] for task in cost}
    count = 0
    try:
        result = function(tasks, costs)
    except TooMany:
        return None, count
    return result, count


def check_order(order, graph):
    assert isinstance(order, list), hint("Return the order as a list of task names.")
    assert sorted(order) == sorted(graph), hint("Every task belongs in the order exactly once.")
    place = {task: i for i, task in enumerate(order)}
    early = [(t, d) for t, needs in graph.items() for d in needs if place[t] < place[d]]
    assert early == [], hint(
        "In each pair here the first task stands before the second, whose result it needs. "
        "A task may only run when all of its dependencies have run."
    )


def check_cycle(cycle, graph):
    assert cycle is not None, hint("There is a cycle in this graph, and you returned None.")
    assert len(set(cycle)) == len(cycle) > 0, hint("A cycle lists each of its tasks once.")
    steps = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    missing = [(task, following) for task, following in steps if following not in graph[task]]
    assert missing == [], hint(
        "In each pair here the first task does not depend on the second. In a cycle each task "
        "depends on the next one, and the last one on the first; tasks that merely lead into it "
        "are no part of it."
    )


# --- toposort


@points(1)
def test_toposort_orders_the_morning_report(student):
    """Loading comes before cleaning, cleaning before counting, and so on."""
    check_order(student.toposort(MORNING), MORNING)


@points(1)
def test_toposort_puts_every_task_after_its_dependencies(student, rng):
    """Every task comes after all of its dependencies, in a graph of 150 tasks."""
    graph = random_dag(rng, 150)
    check_order(student.toposort(graph), graph)


@pytest.mark.parametrize(
    "graph",
    [
        {"a": ["b"], "b": ["a"]},
        {"a": [], "b": ["a", "b"]},
        {"a": [], "b": ["d"], "c": ["b"], "d": ["c"]},
    ],
    ids=["two", "itself", "three"],
)
@points(1)
def test_toposort_refuses_a_cycle(student, graph):
    """A graph with a cycle has no order: it raises ValueError."""
    kind = student.run(refusal, student.ref("toposort"), graph)
    assert kind == "ValueError", hint(
        "Tasks in a cycle never become ready. Do not pass over that in silence: compare how many "
        "tasks you placed with how many there are."
    )


# --- find_cycle


@points(1)
def test_find_cycle_returns_the_tasks_of_the_cycle(student):
    """It returns exactly the tasks of the cycle, in order, and none that lead into it."""
    graph = {
        "mail": ["plot"],
        "plot": ["fit"],
        "fit": ["weigh"],
        "weigh": ["tune"],
        "tune": ["fit"],
    }
    check_cycle(student.find_cycle(graph), graph)


@points(1)
def test_find_cycle_sees_a_task_that_waits_for_itself(student):
    """A task that depends on itself is a cycle of one."""
    graph = {"load": [], "total": ["load", "total"]}
    check_cycle(student.find_cycle(graph), graph)


@points(1)
def test_find_cycle_is_none_where_there_is_no_cycle(student):
    """A chain, two separate tasks, and an empty graph have no cycle."""
    for graph in ({"a": ["b"], "b": ["c"], "c": []}, {"a": [], "b": []}, {}):
        assert student.find_cycle(graph) is None, hint(
            "No task here waits for itself: return None."
        )


# --- ancestors


@points(1)
def test_ancestors_of_the_map(student):
    """The map needs the cleaned data, and so the loaded data."""
    assert student.ancestors(MORNING, "map") == {"clean", "load"}, hint(
        "Dependencies have dependencies. The task itself is not among its ancestors."
    )


@points(1)
def test_ancestors_of_a_task_that_needs_nothing(student):
    """A task without dependencies has no ancestors: an empty set."""
    assert student.ancestors(MORNING, "load") == set(), hint(
        "`load` needs nothing. Look against the arrows: who needs `load` is another question."
    )


@points(1)
def test_ancestors_are_closed(student, rng):
    """Whatever an ancestor needs is an ancestor too."""
    graph = random_dag(rng, 80)
    key = max(graph, key=lambda task: len(graph[task]))
    found = student.ancestors(graph, key)
    left_out = {d for task in {key, *found} for d in graph[task]} - set(found)
    assert left_out == set(), hint(
        "These are needed by the task or by an ancestor: go on from there."
    )


# --- cull


@points(1)
def test_cull_keeps_what_y_needs(student):
    """Only `y` was asked for: `y` and `x` stay, each with its expression."""
    culled = student.cull(TOLL, ["y"])
    assert culled == {"x": 1, "y": ("inc", "x")}, hint(
        "Start from the requested keys and follow references. Data such as `x` are needed too."
    )


@points(1)
def test_cull_looks_inside_nested_tasks(student):
    """A reference inside a task inside a task counts."""
    dsk = {"a": 2, "b": 3, "c": ("add", "a", ("inc", ("double", "b"))), "d": ("inc", "a")}
    assert set(student.cull(dsk, ["c"])) == {"a", "b", "c"}, hint(
        "Arguments may be tasks themselves, and these have arguments."
    )


@points(1)
def test_cull_gives_the_same_results(student, rng):
    """What was asked for comes out the same from fewer tasks."""
    dsk = random_dsk(rng, 60)
    wanted = [str(key) for key in rng.choice(sorted(dsk), 3, replace=False)]
    culled = student.cull(dsk, wanted)
    assert missing(culled, dsk, wanted) == set(), hint(
        "These keys are asked for, or something that you kept refers to them."
    )
    assert [value(culled, key, {}) for key in wanted] == [value(dsk, key, {}) for key in wanted], (
        hint("A result has changed. Keep each expression as it is.")
    )


# --- fuse


@points(1)
def test_fuse_merges_a_chain(student):
    """A chain of four becomes one task."""
    dsk = {"a": 1, "b": ("inc", "a"), "c": ("double", "b"), "d": ("inc", "c")}
    assert student.fuse(dsk, ["d"]) == {"d": ("inc", ("double", ("inc", 1)))}, hint(
        "Put each key's whole expression, with what was merged into it, in place of its reference."
    )


@points(1)
def test_fuse_keeps_what_was_asked_for(student):
    """A key that somebody asked for survives, even in the middle of a chain."""
    dsk = {"a": 1, "b": ("inc", "a"), "c": ("double", "b"), "d": ("inc", "c")}
    fused = student.fuse(dsk, ["b", "d"])
    assert set(fused) == {"b", "d"}, hint("`b` was asked for; `a` and `c` were not.")
    assert {key: value(fused, key, {}) for key in ("b", "d")} == {"b": 2, "d": 5}, hint(
        "The results must be those of the graph before it was fused."
    )


@points(1)
def test_fuse_does_no_work_twice(student):
    """A result that two tasks need stays a task of its own."""
    dsk = {"a": 1, "b": ("inc", "a"), "c": ("double", "b"), "d": ("inc", "b")}
    fused = student.fuse(dsk, ["c", "d"])
    assert sum(map(operations, fused.values())) == 3, hint(
        "Three operations went in. If a result is needed twice and you put its expression in both "
        "places, it is computed twice."
    )


@points(1)
def test_fuse_gives_the_same_results(student, rng):
    """What was asked for comes out the same, from fewer tasks."""
    dsk = random_dsk(rng, 60)
    wanted = [str(key) for key in rng.choice(sorted(dsk), 5, replace=False)]
    fused = student.fuse(dsk, wanted)
    assert missing(fused, dsk, wanted) == set(), hint(
        "These keys were asked for, or an expression still refers to them, and they are gone."
    )
    assert [value(fused, key, {}) for key in wanted] == [value(dsk, key, {}) for key in wanted], (
        hint("A result has changed. Only the reference makes way for the merged expression.")
    )
    assert len(fused) < len(dsk), hint("Nothing was merged, and there are chains in this graph.")


# --- critical_path


def check_path(path, graph, cost, longest):
    steps = list(zip(path[1:], path, strict=False))
    jumps = [(task, before) for task, before in steps if before not in graph[task]]
    assert jumps == [], hint(
        "In each pair here the first task follows the second in your path and does not depend on "
        "it. List the path in the order in which its tasks run."
    )
    assert sum(cost[task] for task in path) == longest, hint(
        "That is a path, and there is one that takes longer. Durations count, not steps."
    )


@points(1)
def test_critical_path_counts_durations(student):
    """One slow task outweighs several quick ones."""
    graph = {
        "load": [],
        "a": ["load"],
        "b": ["a"],
        "c": ["b"],
        "fit": ["load"],
        "mail": ["c", "fit"],
    }
    cost = {"load": 2, "a": 1, "b": 1, "c": 1, "fit": 9, "mail": 1}
    check_path(student.critical_path(graph, cost), graph, cost, 12)


@points(1)
def test_critical_path_may_end_anywhere(student):
    """The longest chain need not end at the last task of the dict, nor where most tasks meet."""
    graph = {"train": ["load"], "load": [], "count": [], "plot": ["count"]}
    cost = {"load": 5, "train": 30, "count": 2, "plot": 2}
    check_path(student.critical_path(graph, cost), graph, cost, 35)


@points(2)
def test_critical_path_scales(student, rng):
    """A ladder of 40 layers, with a million million paths, costs few look-ups."""
    graph, layers = {"t": []}, 40
    before = ["t"]
    for layer in range(layers):
        now = [f"left {layer}", f"right {layer}"]
        graph.update({task: list(before) for task in now})
        before = now
    cost = {task: int(rng.integers(1, 50)) for task in graph}
    size = len(graph) + sum(map(len, graph.values()))
    path, count = student.run(counted, student.ref("critical_path"), graph, cost, 40 * size)
    assert count <= 40 * size, hint(
        f"The graph has {size} tasks and edges, and your function had looked up names {40 * size} "
        "times when it was stopped. Does it work something out again each time a path comes by?"
    )
    layer_costs = [max(cost[f"left {i}"], cost[f"right {i}"]) for i in range(layers)]
    check_path(path, graph, cost, cost["t"] + sum(layer_costs))
