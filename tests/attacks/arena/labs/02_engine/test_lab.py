"""What the student sees tested."""

from autograder.testing import hint, points


@points(1)
def test_squares_of_three_numbers(student):
    """The sum of three squares."""

    def found(squares):
        from distributed import default_client

        return squares(default_client(), [1, 2, 3])

    assert student.run(found, student.ref("squares")) == 14, hint("Square, then add.")
