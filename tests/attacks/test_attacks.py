"""Every attack gets what it deserves, touches nothing of others, and leaves nothing behind."""

import os

import pytest

from autograder.judge.verdict import Report, read_report, score
from tests.attacks.classroom import Graded, graded
from tests.attacks.corpus import Attack, read_corpus

CORPUS = read_corpus()
WORST = ("infrastructure", "crashed", "timeout", "memory", "error", "failed", "passed")
LANE_BYTES = 1536 * 2**20  # of a process that judges

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["root", "user"])
def classroom(request: pytest.FixtureRequest) -> Graded:
    """The corpus, graded once as root and once as an ordinary user."""
    if request.param == "root" and os.geteuid() != 0:
        if os.environ.get("CI"):
            pytest.fail("the tests of attacks run as root in CI: one half is missing")
        pytest.skip("only root can grade as root")
    return graded(request.param)


@pytest.mark.parametrize("attack", CORPUS, ids=lambda a: a.name)
def test_an_attack_gets_what_it_deserves(classroom: Graded, attack: Attack):
    assert attack.student in classroom.results, classroom.log[-3000:]
    found = classroom.results[attack.student]
    assert found["report"], found["reason"]
    report = read_report(found["report"])
    lines = [verdict.reason for verdict in report.verdicts if verdict.outcome != "passed"]
    for task, deserved in attack.deserved.items():
        got = score(report.of(task)), worst(report, task)
        assert deserved.points in (None, got[0]), (task, got, lines)
        assert got[1] in deserved.outcomes, (task, got, lines)
    told = [*lines, *report.notes, found["told"], found["reason"]]
    assert any(attack.head.get("says", "") in line for line in told), told


def worst(report: Report, task: str) -> str:
    return min((v.outcome for v in report.of(task)), key=WORST.index)


def test_nothing_of_others_was_touched_or_read(classroom: Graded):
    assert classroom.canaries == {"changed": [], "lost": [], "told": []}, classroom.log[-3000:]


def test_nothing_is_alive_afterwards(classroom: Graded):
    assert classroom.left["left"] == []
    assert classroom.left["code"] == 0, classroom.log[-3000:]


def test_who_judges_stays_small(classroom: Graded):
    assert classroom.left["lane_peak"] < LANE_BYTES
