"""Item analysis: its numbers agree with their definitions, whatever a class hands in."""

from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.items import (
    Misconception,
    discrimination,
    findings,
    histogram,
    items,
    quartiles,
)
from autograder.judge.verdict import Report, Verdict

OUTCOMES = ("passed", "failed", "error", "timeout", "memory", "crashed", "infrastructure")
TESTS = ("test_f_a", "test_f_b", "test_g")
marks = st.lists(st.integers(0, 300).map(lambda n: n / 3), max_size=40)
pairs = st.lists(st.tuples(st.booleans(), st.integers(0, 20).map(float)), max_size=40)


def verdict(test: str = "test_f", outcome: str = "failed", **more: object) -> Verdict:
    return Verdict(test, "f", "It works.", False, 1.0, outcome, **more)  # type: ignore[arg-type]


outcomes = st.sampled_from(OUTCOMES)
reports = st.lists(
    st.tuples(outcomes, outcomes, outcomes).map(
        lambda found: Report(tuple(map(verdict, TESTS, found)))
    ),
    min_size=1,
    max_size=20,
)


@given(reports)
def test_every_verdict_but_a_fault_of_ours_counts_once(found: list[Report]):
    for number, item in enumerate(items(found)):
        judged = [r.verdicts[number].outcome for r in found]
        judged = [outcome for outcome in judged if outcome != "infrastructure"]
        assert item.judged == len(judged) == sum(item.outcomes.values())
        assert item.passed == judged.count("passed") == item.outcomes.get("passed", 0)
        assert item.rate is None or item.rate == pytest.approx(item.passed / len(judged))
        assert "infrastructure" not in item.outcomes


@given(reports)
def test_the_item_itself_and_half_judged_submissions_are_left_out_of_the_rest(found: list[Report]):
    whole = [report for report in found if report.judged]
    for number, item in enumerate(items(found)):
        passed = [report.verdicts[number].outcome == "passed" for report in whole]
        rest = [float(sum(v.earned for v in r.verdicts if v.test != item.test)) for r in whole]
        assert item.discrimination == discrimination(passed, rest)


@given(pairs)
def test_discrimination_is_the_point_biserial_correlation(found: list[tuple[bool, float]]):
    passed, rest = [p for p, _ in found], [r for _, r in found]
    ours = discrimination(passed, rest)
    if len(set(passed)) < 2 or len(set(rest)) < 2:
        assert ours is None
        return
    with_it = fmean(r for p, r in found if p)
    without = fmean(r for p, r in found if not p)
    share = fmean(map(float, passed))
    textbook = (with_it - without) / pstdev(rest) * (share * (1 - share)) ** 0.5
    assert ours == pytest.approx(textbook, abs=2e-6)
    assert discrimination([not p for p in passed], rest) == pytest.approx(-textbook, abs=2e-6)


@given(marks)
def test_each_mark_lies_in_one_bin(found: list[float]):
    bins = histogram(found, 100.0)
    assert [b.high for b in bins[:-1]] == [b.low for b in bins[1:]]
    assert (bins[0].low, bins[-1].high) == (0, 100)
    for b in bins:
        last = b is bins[-1]
        assert b.count == sum(b.low <= m < b.high or (last and m == b.high) for m in found)


@given(marks)
def test_quartiles_part_the_marks(found: list[float]):
    low, middle, high = quartiles(found)
    assert low <= middle <= high
    for quartile, share in ((low, 0.25), (middle, 0.5), (high, 0.75)):
        below = sum(m < quartile - 1e-9 for m in found)
        assert not found or below <= share * (len(found) - 1) + 1


def test_a_misconception_is_known_by_its_test_and_its_hint():
    known = [
        Misconception("Squares.", "test_f", "Add the"),
        Misconception("Cubes.", "test_f", "Add the number"),
        Misconception("Elsewhere.", "test_g", "Add"),
    ]
    hint = "Add the number to itself."
    lost = [
        verdict("test_f[2]", hint=hint, actual="4"),
        verdict("test_f[2]", hint=hint, actual="9"),
        verdict("test_f[2]", hint="Another.", actual="9"),
        verdict("test_f[2]", "error", message="it raised ValueError\nand more"),
        verdict("test_f[2]", "timeout"),
        verdict("test_f[2]", "error", message="not answered yet"),
        verdict("test_f[2]", "passed"),
    ]
    assert [(f.kind, f.text, f.count) for f in findings(lost, known)] == [
        ("misconception", "Squares. Or: Cubes.", 2),
        ("value", "9", 2),
        ("error", "it raised ValueError", 1),
        ("error", "took too long", 1),
        ("hint", "Another.", 1),
    ]


def test_what_was_not_tried_has_no_time_and_is_no_error():
    tried = Report((verdict(outcome="passed", seconds=0.5),))
    blank = Report((verdict(outcome="error", message="not answered yet", seconds=0.0),))
    (item,) = items([tried, blank])
    assert item.seconds == 0.5
    assert item.outcomes == {"passed": 1, "not tried": 1}
    assert item.rate == 0.5
