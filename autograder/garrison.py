"""The garrison: the process of an outpost, which judges there, in lanes of its own.

It unpacks the parcel, sees that submissions can be shut in, measures the budgets of the parcel's
labs on this machine, and says that it is ready; then it has submissions judged as they come. When
the line is closed it ends its lanes, removes what it unpacked, and goes. Nobody else imports the
reference that it unpacked, so two graders, and two versions of a lab, can be here at once.
"""

import platform
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from multiprocessing.connection import Connection
from traceback import format_exception
from typing import Any

from autograder.course.folder import Course
from autograder.course.parcel import Sent, delivered, unpacked
from autograder.errors import OutgrowError
from autograder.judge.budget import this_machine
from autograder.lanes import lanes, width
from autograder.outpost import Facts


class _Over(Exception):
    """The worker is gone, or has let go."""


def main(descriptor: int) -> None:
    """Serve the worker at the other end of the line, until it is closed."""
    link = Connection(descriptor)
    with suppress(_Over, OSError):
        number, parcel, sandbox, threads = _receive(link)
        try:
            with unpacked(parcel) as course:
                link.send(str(course.root))
                sys.path.insert(0, str(course.root))
                _serve(link, number, course, parcel.labs, sandbox, width(threads))
        except OutgrowError as error:
            link.send((number, "mend", (error.fact, error.place, error.remedy)))


def _serve(
    link: Connection, number: int, course: Course, labs: Sequence[str], sandbox: bool, most: int
) -> None:
    """Measure one lab after the other, with the machine at rest but for it; then judge."""
    with lanes(most) as each:
        for lab in labs:
            ((_, measured),) = each(_ready, [(course, lab, sandbox)])
            if measured.exception():
                link.send((number, *_outcome(measured)))
                return
        link.send((number, "done", Facts(this_machine(), most)))
        orders = ((course, *_receive(link)) for _ in count())
        for (_, number, *_), result in each(_judge, orders):
            link.send((number, *_outcome(result)))


def _receive(link: Connection) -> tuple[Any, ...]:
    try:
        return link.recv()
    except (EOFError, OSError):
        raise _Over from None


def _outcome(result: Future[Any]) -> tuple[str, Any]:
    error = result.exception()
    if isinstance(error, OutgrowError):
        return "mend", (error.fact, error.place, error.remedy)
    return ("fault", "".join(format_exception(error))) if error else ("done", result.result())


def _judge(
    course: Course, _: int, work: Callable[..., Any], sent: Sent, sandbox: bool
) -> Any:  # in a lane
    with delivered(course, sent):
        return work(course, sent.lab, sent.student, sandbox)


def _ready(course: Course, lab: str, sandbox: bool) -> None:
    """In a lane: see that submissions can be shut in here, and measure the lab's budgets."""
    from autograder.course.release import measure
    from autograder.sandbox.probe import require

    if sandbox:
        require()
    try:
        course.save_budget(lab, measure(course, lab))
    except OutgrowError as error:
        remedy = "Its labs are fine where the grader runs: mend this host, or leave it out."
        raise OutgrowError(f"{lab}: {error.fact}", platform.node(), remedy) from None


if __name__ == "__main__":
    from autograder import garrison

    garrison.main(int(sys.argv[1]))
