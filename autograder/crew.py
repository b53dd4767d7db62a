"""What the fleet knows of its workers and their orders, and what Dask's news of them mean."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.course.record import versions
from autograder.errors import OutgrowError
from autograder.lanes import Job
from autograder.outpost import Fault, HostLost

ANSWER_SECONDS = 20.0  # for the scheduler to answer, and for a result to be fetched


@dataclass(eq=False)
class Order:
    """A job on its way, and how many workers it has lost."""

    job: Job
    work: Callable[..., Any]
    lost: int = 0


@dataclass(eq=False)
class Member:
    """A worker: when it was last heard of (`stamp` by the scheduler's clock, `heard` by ours), what
    it was asked, its outpost (both futures of Dask's), how many lanes it has (none as long as it is
    not ready), and what it is at."""

    address: str
    name: str
    first: bool
    stamp: float
    heard: float
    asked: Any = None
    outpost: Any = None
    lanes: int = 0
    busy: dict[Any, tuple[Order, Any]] = field(default_factory=dict)


def error_of(future: Any) -> BaseException | None:
    """Why a task failed; HostLost for whatever Dask says of a worker that is gone."""
    if future.status == "finished":
        return None
    if future.status != "error":  # cancelled, or lost
        return HostLost(future.status)
    error = future.exception(ANSWER_SECONDS)
    ours = isinstance(error, OutgrowError | Fault | ImportError)
    return error if ours else HostLost(first_line(error))


def unfit(member: Member, error: BaseException) -> OutgrowError:
    place = f"worker {member.name}"
    if isinstance(error, OutgrowError):
        return OutgrowError(error.fact, f"{place}: {error.place}", error.remedy)
    if isinstance(error, ImportError):
        return OutgrowError(f"outgrow is not installed there ({error})", place, install())
    return OutgrowError(first_line(error), place, "See the worker's log, or leave it out.")


def install() -> str:
    """The remedy where it is not installed."""
    return f"Install outgrow {versions()['outgrow']} there, with the same packages as here."


def first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
