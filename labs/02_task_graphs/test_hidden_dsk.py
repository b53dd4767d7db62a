"""The hidden tests of lab 02's expressions: cull and fuse, asked of a dsk that is drawn anew."""

from zlib import crc32

from autograder.testing import hint, points
from expressions import missing, operations
from probes import outcome, unchanged
from random_graphs import shuffled, words
from solutions import dsk as reference

OPERATIONS = ["inc", "double", "add", "sub", "total"]


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
