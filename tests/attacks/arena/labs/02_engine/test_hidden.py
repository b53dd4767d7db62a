"""What only the grader runs. CANARY-HIDDEN-TESTS."""

from autograder.testing import hint, points


@points(1)
def test_squares_of_any_numbers(student, dask_cluster, rng):
    """Any numbers, a task for each."""

    def found(squares, numbers):
        from distributed import default_client

        return squares(default_client(), numbers)

    numbers = rng.integers(1, 10**4, size=20).tolist()
    with dask_cluster.watch() as facts:
        answer = student.run(found, student.ref("squares"), numbers)
    assert answer == sum(number**2 for number in numbers), hint("Square, then add.")
    assert facts.tasks >= 20, hint("A task for each number.")
