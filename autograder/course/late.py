"""What lateness costs: a fraction of a lab's points for each started day after the due date.

grace     minutes after the due date in which nothing is lost; days count from their end
penalty   the fraction of the lab's points that each started day costs
at_most   the largest fraction that lateness costs altogether
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Policy:
    """The `[late]` table of a course. As it stands, lateness costs nothing."""

    grace: float = 0.0
    penalty: float = 0.0
    at_most: float = 1.0


def penalty(
    submitted: datetime, due: datetime | None, policy: Policy, score: float, max_score: float
) -> float:
    """Points that lateness takes off `score`: never less than none, never more than there are.

    `submitted` and `due` (with the student's extension in it) both have a zone, or both are UTC
    without saying so, as nbgrader keeps them.

    >>> due = datetime.fromisoformat("2026-12-01T23:59:00Z")
    >>> policy = Policy(grace=30, penalty=0.1, at_most=0.5)
    >>> [penalty(due + timedelta(minutes=m), due, policy, 7, 10) for m in (30, 31, 1500, 99999)]
    [0.0, 1.0, 2.0, 5.0]
    """
    days = started_days(submitted, due, policy)
    cost = min(days * policy.penalty, policy.at_most) * max_score
    return round(max(0.0, min(cost, score)), 6)


def started_days(submitted: datetime, due: datetime | None, policy: Policy) -> int:
    """How many days of lateness have started, after the grace; 0 without a due date."""
    if due is None:
        return 0
    late = submitted - due - timedelta(minutes=policy.grace)
    return max(0, -(-late // DAY))
