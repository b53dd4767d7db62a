"""What a class's verdicts say about a lab's tests: classical item analysis, over plain data.

Each test is an item that a submission passes or does not. Its *discrimination* is the correlation
of passing it (1 or 0) with the points earned on all the other tests: the point-biserial, corrected
by leaving the item out of the score (S. Henrysson, Correction of item-total correlations in item
analysis, Psychometrika 28, 1963). Below about 0.2, passing a test says little about the rest of the
work; below 0, better submissions fail it more often, and the test deserves a look. Where everybody
passes or nobody does, or all the rest is alike, there is none.

A verdict that a fault of ours prevented counts nowhere.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import correlation, fmean, quantiles

from autograder.judge.verdict import Report, Verdict

BINS = 10
MOST = 3  # findings of a kind that are shown of a test
NOT_TRIED = ("not answered yet", "not run")


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that is known: its name, the test that catches it, a part of the hint it
    earns."""

    name: str
    test: str
    hint: str


@dataclass(frozen=True)
class Finding:
    """Something that several verdicts of a test have in common: a known `misconception`, else a
    `hint` or an `error`; and besides a wrong `value`. `count` is of submissions."""

    kind: str
    text: str
    count: int


@dataclass(frozen=True)
class Item:
    """A test over a class: of `judged` submissions `passed` did; the mean of its seconds; how often
    it came out how; what those that failed have in common."""

    test: str
    task: str
    title: str
    hidden: bool
    points: float
    judged: int
    passed: int
    discrimination: float | None
    seconds: float
    outcomes: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def rate(self) -> float | None:
        return self.passed / self.judged if self.judged else None


@dataclass(frozen=True)
class Bin:
    """So many marks from `low` to below `high`; the last holds its `high` too."""

    low: float
    high: float
    count: int


def items(reports: Sequence[Report], known: Sequence[Misconception] = ()) -> list[Item]:
    """Every test of the reports, in the order of the notebook."""
    found: dict[str, list[tuple[Verdict, float | None]]] = {}
    for report in reports:
        for verdict in report.verdicts:
            rest = round(report.earned - verdict.earned, 6) if report.judged else None
            found.setdefault(verdict.test, []).append((verdict, rest))
    return [_item(pairs, known) for pairs in found.values()]


def _item(pairs: list[tuple[Verdict, float | None]], known: Sequence[Misconception]) -> Item:
    pairs = [pair for pair in pairs if pair[0].outcome != "infrastructure"] or pairs
    judged = [verdict for verdict, _ in pairs if verdict.outcome != "infrastructure"]
    tried = [verdict for verdict in judged if kind_of(verdict) != "not tried"]
    whole = [(verdict.outcome == "passed", rest) for verdict, rest in pairs if rest is not None]
    first = pairs[0][0]
    return Item(
        test=first.test,
        task=first.task,
        title=first.title,
        hidden=first.hidden,
        points=first.points,
        judged=len(judged),
        passed=sum(verdict.outcome == "passed" for verdict in judged),
        discrimination=discrimination([p for p, _ in whole], [rest for _, rest in whole]),
        seconds=fmean(verdict.seconds for verdict in tried) if tried else 0.0,
        outcomes=dict(Counter(map(kind_of, judged)).most_common()),
        findings=tuple(findings(judged, known)),
    )


def kind_of(verdict: Verdict) -> str:
    """The outcome, and `not tried` for what was never answered or never ran."""
    return "not tried" if verdict.message.startswith(NOT_TRIED) else verdict.outcome


def discrimination(passed: Sequence[bool], rest: Sequence[float]) -> float | None:
    """The point-biserial correlation of passing with the score on the rest, from -1 to 1.

    >>> discrimination([True, True, False], [3, 2, 0])
    0.944911
    >>> discrimination([True, True], [1, 2])
    """
    if len(set(passed)) < 2 or len(set(rest)) < 2:
        return None
    return round(max(-1.0, min(1.0, correlation(list(map(float, passed)), rest))), 6)


def findings(verdicts: Sequence[Verdict], known: Sequence[Misconception] = ()) -> list[Finding]:
    """What the verdicts that lost a test's points have in common, the most frequent first."""
    lost = [v for v in verdicts if v.outcome != "passed" and kind_of(v) != "not tried"]
    told = Counter(_reason(verdict, known) for verdict in lost)
    values = Counter(v.actual for v in lost if v.actual)
    often = [("value", text, count) for text, count in values.items() if count > 1]
    pairs = [*((kind, text, count) for (kind, text), count in told.items()), *often]
    ranked = sorted(pairs, key=lambda p: (-p[2], p[0] != "misconception", *p[:2]))
    return [Finding(*pair) for pair in _few(ranked)]


def _few(ranked: Sequence[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Every misconception, and of the other kinds the first few."""
    kinds = {kind for kind, _, _ in ranked}
    groups = {kind: [pair for pair in ranked if pair[0] == kind] for kind in kinds}
    shown = {
        kind: group if kind == "misconception" else group[:MOST] for kind, group in groups.items()
    }
    return [pair for pair in ranked if pair in shown[pair[0]]]


def _reason(verdict: Verdict, known: Sequence[Misconception]) -> tuple[str, str]:
    """Why a verdict is what it is: of a test that several known answers trip alike, all of them."""
    test = verdict.test.partition("[")[0]
    told = verdict.hint or verdict.message
    names = [m.name for m in known if m.test == test and m.hint in told]
    if names:
        return "misconception", " Or: ".join(names)
    if verdict.hint:
        return "hint", verdict.hint
    return ("error", verdict.message.partition("\n")[0] or verdict.phrase)


def histogram(marks: Sequence[float], points: float, bins: int = BINS) -> list[Bin]:
    """How many marks lie in each of so many equal parts of 0 to `points`."""
    edges = [points * edge / bins for edge in range(bins + 1)]
    parts = [min(bins - 1, sum(mark >= edge for edge in edges[1:])) for mark in marks]
    count = Counter(parts)
    return [Bin(edges[part], edges[part + 1], count[part]) for part in range(bins)]


def quartiles(marks: Sequence[float]) -> tuple[float, float, float]:
    """The first quartile, the median and the third; of nothing, zeros."""
    if len(marks) < 2:
        only = marks[0] if marks else 0.0
        return only, only, only
    low, middle, high = quantiles(marks, n=4, method="inclusive")
    return low, middle, high
