"""Hosts: the machines of an existing Dask cluster, judging side by side, as `lanes` do on this one.

What the cluster's workers have to do with it is in `outpost`; who of them has which job, in
`fleet`.
"""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pkgutil import resolve_name

from distributed import Client

from autograder.course.folder import Course
from autograder.course.parcel import pack
from autograder.crew import first_line, install
from autograder.errors import OutgrowError
from autograder.fleet import CONNECT_SECONDS, KNOWN, Fleet, Say
from autograder.lanes import Each
from infra.cluster import hushed


@contextmanager
def hosts(
    course: Course,
    labs: Iterable[str],
    on: str,
    sandbox: bool = True,
    jobs: int = 0,
    say: Say = id,
) -> Iterator[Each]:
    """Like `lanes.lanes`, on the workers of the scheduler at the address `on`: a function that has
    each of many jobs done. A job is a course, a lab, a student, and whether it is shut in.

    `jobs` are done at a time at most (0: as many as there are lanes). `say` is told who comes and
    goes. Raises OutgrowError if nobody answers, if a worker that is there cannot take part, and if
    no worker is left.
    """
    parcel = pack(course, labs)
    with _connected(on) as client:
        fleet = Fleet(client, on, parcel, sandbox, jobs, say)
        try:
            yield fleet.each
        finally:
            fleet.stop()


@contextmanager
def _connected(on: str) -> Iterator[Client]:
    """A client of the cluster; what Dask would have written about it is said by our errors."""
    remedy = "Start it with `dask scheduler`, or mend the address: tcp://HOST:8786."
    with warnings.catch_warnings(), hushed():
        warnings.simplefilter("ignore")
        try:
            client = Client(on, timeout=CONNECT_SECONDS, set_as_default=False, name="outgrow")
        except (OSError, ValueError) as error:
            fact = f"no scheduler answers there ({first_line(error)})"
            raise OutgrowError(fact, on, remedy) from None
        except (TypeError, RuntimeError) as error:  # no certificate for tls://
            remedy = "Set Dask's `distributed.comm.tls`: see the guide `Grade on many hosts`."
            raise OutgrowError(first_line(error), on, remedy) from None
        try:
            _meet_scheduler(client, on)
            yield client
        finally:
            with suppress(Exception):
                client.close(timeout=2)


def _meet_scheduler(client: Client, on: str) -> None:
    """See that it can read what we send; it passes on what a worker is to do."""
    try:
        client.run_on_scheduler(resolve_name, KNOWN)
    except ImportError as error:
        fact = f"outgrow is not installed where the scheduler runs ({error})"
        raise OutgrowError(fact, on, install()) from None
