"""Budgets: a submission may take far longer than the reference did, and never less than a floor."""

from hypothesis import given
from hypothesis import strategies as st

from autograder.judge.budget import CELL_FLOOR, ENGINE_FLOOR, FACTOR, FLOOR, budget, this_machine

seconds = st.dictionaries(st.sampled_from("abc"), st.floats(0, 100))


@given(seconds, seconds, st.booleans())
def test_whatever_the_reference_took_there_is_room(
    cells: dict[str, float], tests: dict[str, float], engine: bool
):
    found = budget(cells, tests, engine)
    floor = ENGINE_FLOOR if engine else FLOOR
    assert all(found.cell(task) >= max(CELL_FLOOR, FACTOR * s) for task, s in cells.items())
    assert all(found.test(test) >= max(floor, FACTOR * s) for test, s in tests.items())
    assert found.total >= FACTOR * (sum(cells.values()) + sum(tests.values()))
    assert found.machine == this_machine()
