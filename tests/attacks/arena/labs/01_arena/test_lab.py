"""What the student sees tested."""

import pandas as pd

from autograder.testing import hint, points


@points(1)
def test_double_of_a_small_number(student):
    """Twice a small number."""
    assert student.double(21) == 42, hint("Add the number to itself.")


@points(1)
def test_total_of_two_rows(student):
    """The sum of a column."""
    frame = pd.DataFrame({"cents": [150, 50]})
    assert student.total(frame) == 2.0, hint("A euro has a hundred cents.")


@points(1)
def test_poem_of_two_names(student):
    """One line for each name."""
    assert student.poem(["Ada", "Ben"]) == "Hello, Ada!\nHello, Ben!\n"


@points(1)
def test_countdown_from_three(student):
    """Down to one."""

    def counted(countdown):
        return list(countdown(3))

    found = student.run(counted, student.ref("countdown"))
    assert found == [3, 2, 1], hint("It ends at 1.")
