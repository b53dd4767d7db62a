"""The fleet: the workers of a Dask cluster, and the jobs that they have.

A job is given to a worker that has a lane free, and Dask carries it there and back. Workers that
join are used. Those that leave, die, or are not heard of for SILENT_SECONDS are forgotten, and
their jobs given to others. A job that has lost TRIES workers fails, and no other; a worker that was
lost TRIES times is left alone. Whatever comes back from a worker that was given up is not looked
at, and no job's result depends on where it was done.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pkgutil import resolve_name
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Client

from autograder import outpost
from autograder.course.parcel import Parcel, wrap
from autograder.course.record import versions
from autograder.crew import ANSWER_SECONDS, Member, Order, error_of, first_line, unfit
from autograder.errors import OutgrowError
from autograder.handin import Unreadable
from autograder.lanes import Job
from autograder.outpost import HostLost

CONNECT_SECONDS = 8
GLANCE_SECONDS = 1.0  # between two looks at who is there
SILENT_SECONDS = 15.0  # workers are heard of every half second, every few seconds in large clusters
NOBODY_SECONDS = 30.0
TRIES = 3
KNOWN = "autograder.outpost:GARRISON"  # resolved by whoever has outgrow installed
Say = Callable[[str], object]


class Fleet:
    """The workers of a cluster, and the jobs that they have. A thread of its own hands them out, so
    that no lane waits for what the caller does with results."""

    def __init__(
        self, client: Client, on: str, parcel: Parcel, sandbox: bool, jobs: int, say: Say
    ) -> None:
        self.client, self.on, self.parcel = client, on, parcel
        self.sandbox, self.jobs, self.say = sandbox, jobs, say
        self.members: dict[str, Member] = {}
        self.given_up: dict[str, float] = {}
        self.losses: Counter[str] = Counter()
        self.orders: deque[Order] = deque()
        self.news: SimpleQueue[Any] = SimpleQueue()
        self.out: SimpleQueue[Any] = SimpleQueue()
        self.looked = self.manned = 0.0
        self.met = self.over = False
        self.thread = threading.Thread()

    def each(
        self, work: Callable[..., Any], todo: Iterable[Job]
    ) -> Iterator[tuple[Job, Future[Any]]]:
        """Have all jobs done; they come with their results in the order in which they end."""
        self.orders.extend(Order(job, work) for job in todo)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        while (result := self.out.get()) is not None:
            if isinstance(result, BaseException):
                raise result
            yield result

    def stop(self) -> None:
        self.over = True
        self.news.put(None)
        if self.thread.is_alive():
            self.thread.join(GLANCE_SECONDS)
        self.members.clear()

    def _run(self) -> None:
        """Look who is there, give them work, and wait for news, until all is done."""
        try:
            self.manned = time.monotonic()
            while not self.over and (self.orders or any(m.busy for m in self.members.values())):
                if time.monotonic() - self.looked > GLANCE_SECONDS:
                    self._look()
                self._hand_out()
                with suppress(Empty):
                    self._hear(self.news.get(timeout=GLANCE_SECONDS))
            self.out.put(None)
        except BaseException as error:  # the caller's to hear
            self.out.put(error)

    # ---- who is there

    def _look(self) -> None:
        found, now = self._workers(), time.monotonic()
        for address, about in found.items():
            self._meet(address, about, now)
        self.met, self.looked = self.met or bool(found), now
        for member in list(self.members.values()):
            if member.address not in found:
                self._lose(member, "has left")
            elif now - member.heard > SILENT_SECONDS:
                self._lose(member, f"has not been heard of for {SILENT_SECONDS:.0f} s")
        if self.members:
            self.manned = now
        elif now - self.manned > (NOBODY_SECONDS if self.met else CONNECT_SECONDS):
            fact = "there is no worker left" if self.met else "the scheduler has no workers"
            remedy = f"Run `dask worker {self.on}` on each host, then the same command again."
            raise OutgrowError(fact, self.on, remedy)

    def _workers(self) -> dict[str, Any]:
        """Who takes work, by address; who is being retired does not."""
        try:
            scheduler: Any = self.client.scheduler
            asked: Any = self.client.sync(
                scheduler.identity, n_workers=-1, callback_timeout=ANSWER_SECONDS
            )
        except Exception as error:
            fact = f"the scheduler does not answer any more ({first_line(error)})"
            remedy = "Marks that were given are kept: run the same command again to go on."
            raise OutgrowError(fact, self.on, remedy) from None
        workers = asked["workers"].items()
        return {a: about for a, about in workers if about["status"] in ("running", "paused")}

    def _meet(self, address: str, about: dict[str, Any], now: float) -> None:
        """Note a sign of life; have an outpost opened by a worker that is new or has come back."""
        stamp, member = about["last_seen"], self.members.get(address)
        if member and member.stamp != stamp:
            member.stamp, member.heard = stamp, now
        elif not member and self.given_up.get(address) != stamp and self.losses[address] < TRIES:
            self._enlist(address, str(about["name"]), stamp, now)

    def _enlist(self, address: str, name: str, stamp: float, now: float) -> None:
        """Ask a worker first whether it knows us at all: what it cannot unpickle would end it."""
        called = address if name == address else f"{name} ({address})"
        member = self.members[address] = Member(address, called, not self.met, stamp, now)
        member.asked = self._submit(member, resolve_name, KNOWN)

    def _submit(self, member: Member, work: Callable[..., Any], *arguments: Any) -> Any:
        """Have a worker, and no other, do something; its end is news."""
        future = self.client.submit(
            work, *arguments, workers=[member.address], allow_other_workers=False, pure=False
        )
        future.add_done_callback(self.news.put)
        return future

    def _lose(self, member: Member, why: str) -> None:
        """Forget a worker; what it was at goes to others."""
        del self.members[member.address]
        self.given_up[member.address] = member.stamp
        self.losses[member.address] += 1
        self.say(f"worker {member.name} {why}; jobs that go to others: {len(member.busy)}")
        for order, _ in member.busy.values():
            self._again(order)

    def _again(self, order: Order) -> None:
        order.lost += 1
        if order.lost < TRIES:
            self.orders.appendleft(order)
            return
        given_up: Future[Any] = Future()
        given_up.set_exception(HostLost(f"{TRIES} workers were lost at it"))
        self.out.put((order.job, given_up))

    # ---- what they do

    def _hand_out(self) -> None:
        """Give each free lane an order."""
        while self.orders and (member := self._free()):
            self._give(member, self.orders.popleft())

    def _free(self) -> Member | None:
        """The worker with most lanes free, if there is one, and one more job may be begun."""
        busy = sum(len(member.busy) for member in self.members.values())
        free = {m.lanes - len(m.busy): m for m in self.members.values()}
        most = max(free, default=0)
        return free[most] if most > 0 and (not self.jobs or busy < self.jobs) else None

    def _give(self, member: Member, order: Order) -> None:
        course, lab, student, sandbox = order.job
        try:
            sent = wrap(course, lab, student)
        except Unreadable:  # nothing to be run: intake's report is made here
            self.out.put((order.job, _here(order)))
            return
        future = self._submit(member, outpost.judge, member.outpost, order.work, sent, sandbox)
        member.busy[future.key] = order, future

    def _hear(self, future: Any) -> None:
        """News of a future: of an outpost or of a job; of a worker given up, it is passed over."""
        for member in self.members.values():
            if future is not None and future.key == member.asked.key:
                self._answered(member)
                return
            if future is not None and future.key in member.busy:
                order, _ = member.busy.pop(future.key)
                self._settle(member, order, future)
                return

    def _answered(self, member: Member) -> None:
        """A worker knows us, and gets its outpost; or that is ready; or it cannot take part."""
        error = error_of(member.asked)
        if error is None and not member.outpost:
            needed = (self.parcel, self.sandbox, versions())
            member.outpost = self._submit(member, outpost.furnish, *needed)
            member.asked = self._submit(member, outpost.about, member.outpost)
        elif error is None:
            facts = member.asked.result(ANSWER_SECONDS)
            member.lanes = facts.lanes
            self.say(f"worker {member.name} is ready: {facts.machine}, lanes: {facts.lanes}")
        elif isinstance(error, HostLost):
            self._lose(member, "has ended")
        elif member.first:
            raise unfit(member, error)
        else:
            self._lose(member, f"cannot take part: {error}")
            self.losses[member.address] = TRIES

    def _settle(self, member: Member, order: Order, future: Any) -> None:
        """Pass a job's result on; if there is none because the worker is gone, begin again."""
        error, result = error_of(future), Future()
        if isinstance(error, HostLost):
            self._again(order)
            self._lose(member, "has ended")
            return
        if error is None:
            try:
                result.set_result(future.result(ANSWER_SECONDS))
            except Exception:  # it was lost on its way
                self._again(order)
                return
        else:
            result.set_exception(error)
        self.out.put((order.job, result))


def _here(order: Order) -> Future[Any]:
    """The result of a job that is done here, and at once."""
    result: Future[Any] = Future()
    try:
        result.set_result(order.work(*order.job))
    except Exception as error:
        result.set_exception(error)
    return result
