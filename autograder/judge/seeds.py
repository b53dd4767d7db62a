"""Seeds: one random stream for each test, public in the student's notebook, secret when grading."""

import hashlib
from collections.abc import Callable

PUBLIC = "public"


def seeds(*parts: str) -> Callable[[str], int]:
    """A function from a test's name to its seed, fixed by `parts` (a secret, course, lab and
    student).

    >>> seeds(PUBLIC, "02")("test_toposort") == seeds(PUBLIC, "02")("test_toposort")
    True
    """

    def seed(test: str) -> int:
        text = "\0".join([*parts, test])
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

    return seed
