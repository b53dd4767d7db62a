"""The nursery: what a judging process keeps ready, so that a kernel starts in a tenth of a second.

It holds a zygote with the modules a lab uses, and one empty room ahead of need. `lease` takes the
room, and has the zygote fork a process into it. Nothing is used twice: a room is closed with what
it held. Where the kernel refuses joining, the room that waits ahead has a zygote of its own in it.
"""

import atexit
import os
import select
import signal
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from autograder.judge.faults import Infrastructure
from autograder.sandbox.bundle import packed
from autograder.sandbox.confine import namespaces
from autograder.sandbox.forker import Single, Zygote
from autograder.sandbox.order import Order
from autograder.sandbox.room import Room
from autograder.sandbox.slots import slot
from autograder.sandbox.zygote import SEALED

REFUSED = "setns:"  # how `confine.join` begins to complain


@dataclass
class Lease:
    """A confined process that runs: its pid (the host's), a descriptor that is readable when it has
    ended, and the room, which `close` tears down."""

    pid: int
    handle: int
    room: Room
    parent: Zygote | None = None

    def orphaned(self) -> bool:
        """Whether the zygote is gone, and with it, by no fault of its own, the process."""
        return self.parent is not None and not self.parent.alive()

    def alive(self) -> bool:
        return self.handle >= 0 and not select.select([self.handle], [], [], 0)[0]

    def end(self) -> None:
        """Kill the process and all that it started; for any thread."""
        with suppress(OSError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        self.room.end()

    def close(self) -> None:
        self.end()
        self.room.close()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


class Nursery:
    """Zygotes by their modules, and a room ahead of need; one nursery in each judging process.

    `joins` says that a zygote outside may fork into rooms; else each room gets a zygote of its own.
    """

    def __init__(self, joins: bool = True) -> None:
        self._stack = ExitStack()
        self._zygotes: dict[tuple[str, ...], Zygote] = {}
        self._singles: dict[tuple[str, ...], Single] = {}
        self._spare: Room | None = None
        self.joins = joins
        self.uid = self._stack.enter_context(slot())

    def lease(
        self, order: Order, modules: Sequence[str], fds: Sequence[int], bundle: Path
    ) -> Lease:
        """Have a process run `order` in a room of its own, with `bundle`'s files in its work folder
        and the descriptors `fds`; raises Infrastructure if it cannot be had."""
        try:
            return self._lease(order, modules, fds, bundle)
        except Infrastructure as error:
            if REFUSED not in str(error) or not self.joins:
                raise
            self.joins = False
            return self._lease(order, modules, fds, bundle)

    def _lease(
        self, order: Order, modules: Sequence[str], fds: Sequence[int], bundle: Path
    ) -> Lease:
        forker, room = self._place(tuple(modules))
        heard, report = os.pipe()
        files = packed(bundle)
        descriptors = (report, files, *fds)
        try:
            about = {"room": room.pid, "outside": namespaces(), "descriptors": descriptors}
            pid = forker.fork(replace(order, **about))
        finally:
            os.close(report)
            os.close(files)
            if isinstance(forker, Single):
                forker.close()
        said = _all(heard)
        if said != SEALED or not pid:
            room.close()
            raise Infrastructure(f"the sandbox was not closed: {said.decode() or 'it ended'}")
        self._prepare(tuple(modules))
        parent = forker if isinstance(forker, Zygote) else None
        return Lease(pid, _handle(pid), room, parent)

    def expect(self, modules: Sequence[str]) -> None:
        """Begin to make what a lease with these modules will take; returns at once."""
        if self.joins:
            self._zygote(tuple(modules))
            self._spare = self._spare or Room(self.uid)

    def _place(self, modules: tuple[str, ...]) -> tuple[Zygote | Single, Room]:
        """Who forks, and into which room."""
        if not self.joins:
            single = self._singles.pop(modules, None) or Single(self.uid, modules)
            return single, single.room
        zygote = self._zygote(modules)
        room, self._spare = self._spare or Room(self.uid), None
        room.ready()
        return zygote, room

    def _zygote(self, modules: tuple[str, ...]) -> Zygote:
        """The one with these modules: it lives, or it is begun anew."""
        zygote = self._zygotes.get(modules)
        if zygote and not zygote.alive():
            zygote.close()
            zygote = None
        self._zygotes[modules] = zygote or Zygote(self.uid, modules)
        return self._zygotes[modules]

    def _prepare(self, modules: tuple[str, ...]) -> None:
        """Begin to make what the next lease will take."""
        if self.joins:
            self._spare = Room(self.uid)
        else:
            self._singles[modules] = Single(self.uid, modules)

    def close(self) -> None:
        if self._spare:
            self._spare.close()
        for single in self._singles.values():
            single.room.close()
            single.close()
        for zygote in self._zygotes.values():
            zygote.close()
        self._zygotes.clear()
        self._singles.clear()
        self._stack.close()


def _all(fd: int) -> bytes:
    """What a pipe holds until its other ends are closed."""
    with os.fdopen(fd, "rb") as pipe:
        return pipe.read()


def _handle(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:  # it has ended already
        return -1


@cache
def nursery() -> Nursery:
    """This process's own nursery; it is closed when the process ends."""
    found = Nursery()
    atexit.register(found.close)
    return found


def expect(modules: Sequence[str]) -> None:
    """Have this process's nursery begin to make what a lease with these modules will take."""
    nursery().expect(modules)
