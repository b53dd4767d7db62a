"""What only the grader runs. CANARY-HIDDEN-TESTS."""

import numpy as np
import pandas as pd

from autograder.testing import hint, points


@points(1)
def test_double_of_any_number(student, rng):
    """Twice any number."""
    for number in rng.integers(10**6, 10**9, size=20).tolist():
        assert student.double(number) == 2 * number, hint("Large ones too.")


@points(1)
def test_total_of_many_rows(student, rng):
    """A long table, and a short one after it."""
    cents = rng.integers(1, 10**4, size=100_000)
    found = student.total(pd.DataFrame({"cents": cents}))
    assert abs(found - cents.sum() / 100) < 1e-6, hint("Every row counts.")
    assert student.total(pd.DataFrame({"cents": cents[:9]})) == cents[:9].sum() / 100


@points(1)
def test_poem_of_many_names(student, rng):
    """Many names."""
    names = [f"N{number}" for number in rng.integers(10**6, 10**9, size=60)]
    expected = "".join(f"Hello, {name}!\n" for name in names)
    assert student.poem(names) == expected, hint("In the order of the names.")


@points(1)
def test_countdown_is_lazy(student, rng):
    """It does not count before it is asked to."""

    def first(countdown, start):
        import itertools

        return list(itertools.islice(countdown(start), 3))

    start = int(rng.integers(10**12, 10**13))
    found = student.run(first, student.ref("countdown"), start)
    assert np.array_equal(found, [start, start - 1, start - 2]), hint("Use yield.")
