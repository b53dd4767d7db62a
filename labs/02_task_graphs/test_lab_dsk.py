"""The visible tests of lab 02's expressions: cull and fuse."""

from autograder.testing import hint, points
from expressions import missing, operations

TOLL = {"x": 1, "y": ("inc", "x"), "z": ("add", "y", ("double", "x")), "w": ("double", "z")}


def random_dsk(rng, keys):
    """A dsk of chains, fan-outs and joins; its results are all numbers."""
    names = [f"k{number:03}" for number in rng.permutation(keys)]
    dsk = {}
    for place, name in enumerate(names):
        one, other = (names[place - 1], names[int(rng.integers(place))]) if place else ("", "")
        tasks = [("inc", one), ("double", one), ("sub", one, other), ("add", ("inc", other), 3)]
        dsk[name] = tasks[int(rng.integers(4))] if place % 7 else int(rng.integers(100))
    return {names[i]: dsk[names[i]] for i in rng.permutation(keys)}


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
