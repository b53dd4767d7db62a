"""A network and a service that are not perfect, as they are told to be, and the same every time.

Whether a request meets a fault is drawn from the seed, from what it asks for, and from how often
that was asked for before. So neither the order nor the number of concurrent clients changes which
requests fail, and a repeated run fails in the same places.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Literal

Fault = Literal["", "unavailable", "throttled", "cut", "lost"]
STATUS = {"unavailable": 503, "throttled": 429}


@dataclass(frozen=True)
class Faults:
    """What goes wrong.

    latency: seconds that pass before each request is looked at.
    bandwidth: bytes a second of each request's or answer's data, None for as fast as it goes.
    unavailable, throttled: share of requests that are answered 503 or 429, and not done.
    cut: share of requests whose connection is cut, and that are not done.
    lost: share of requests that are done, and whose connection is then cut in the middle of the
        answer: the client cannot know.
    most: how often one and the same request meets a fault, at most; then it is done.
    kinds: the operations that meet faults, such as ("objects.insert",); empty for all.
    seed: another seed, other requests.

    Raises ValueError for shares that are none, or more than 1 together.
    """

    latency: float = 0.0
    bandwidth: float | None = None
    unavailable: float = 0.0
    throttled: float = 0.0
    cut: float = 0.0
    lost: float = 0.0
    most: int = 2
    kinds: tuple[str, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", tuple(self.kinds))
        shares = (self.unavailable, self.throttled, self.cut, self.lost)
        if any(share < 0 for share in shares) or sum(shares) > 1:
            raise ValueError(f"Faults: {shares} are no shares. Each from 0, together 1 at most.")
        if self.latency < 0 or (self.bandwidth is not None and self.bandwidth <= 0):
            raise ValueError("Faults: latency is in seconds from 0, bandwidth in bytes above 0.")


class Dice:
    """Draws the faults of one plan."""

    def __init__(self, plan: Faults) -> None:
        self.plan = plan
        self._asked: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    def throw(self, kind: str, request: str) -> Fault:
        """The fault that this request meets now, "" for none."""
        plan = self.plan
        self._asked[request] += 1
        if self._failed[request] >= plan.most or (plan.kinds and kind not in plan.kinds):
            return ""
        draw = self._draw(request)
        names: tuple[Fault, ...] = ("unavailable", "throttled", "cut", "lost")
        for name in names:
            draw -= getattr(plan, name)
            if draw < 0:
                self._failed[request] += 1
                return name
        return ""

    def _draw(self, request: str) -> float:
        """A number in [0, 1) that belongs to the seed, the request and its turn."""
        text = f"{self.plan.seed} {self._asked[request]} {request}".encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") / 2**64
