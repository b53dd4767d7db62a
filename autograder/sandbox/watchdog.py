"""The watchdog: ends a room whose processes together use more memory than they may.

The kernel limits each process (RLIMIT_DATA), not their sum; without a cgroup of our own, which many
machines do not grant, somebody has to add up. Memory shared between processes (what the zygote had
imported) counts once, by proportional size, where Linux tells it.
"""

import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

from autograder.sandbox.room import WRITABLE

PERIOD_SECONDS = 0.05
FASTEST = 8 * 2**30  # bytes a second; that quickly memory cannot be filled by a core or two
PAGE = os.sysconf("SC_PAGE_SIZE")
OWN = Path("/proc/self")
GROWTH = 768 * 2**20
INODE, SOCKET = 1024, 208 * 1024  # bytes; a socket's is net.core.wmem_default


class Watchdog:
    """Adds up the room of `first` and the process `kernel` in it; beyond `limit` bytes it calls
    `stop`. So it does if the judge's own process grows by GROWTH bytes: whatever made it grow came
    from the room. It looks again after 50 ms, and later the more is left: after as long as that
    takes to fill."""

    def __init__(self, first: int, kernel: int, limit: int, stop: Callable[[], None]) -> None:
        self.first, self.kernel, self.limit, self._stop = first, kernel, limit, stop
        self.exceeded = False
        self._before = _resident(OWN)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _watch(self) -> None:
        left = 0
        while not self._over.wait(PERIOD_SECONDS + left / FASTEST):
            left = self._left()
            if left < 0:
                self.exceeded = True
                self._stop()
                return

    def _left(self) -> int:
        """Bytes that the room, or the judge's own process, may still grow by."""
        may = self.limit - in_files(self.first) - in_sockets(self.first)
        room = may - used(members(self.first, self.kernel), may)
        return min(room, GROWTH - (_resident(OWN) - self._before))


def in_files(pid: int) -> int:
    """Bytes in the room's folders, which are memory; each file counts for its inode too."""
    total = 0
    for folder in WRITABLE:
        with suppress(OSError):
            about = os.statvfs(f"/proc/{pid}/root{folder}")
            total += (about.f_blocks - about.f_bfree) * about.f_frsize
            total += (about.f_files - about.f_ffree) * INODE
    return total


def in_sockets(pid: int) -> int:
    """Bytes that the room's sockets may hold in the kernel, at most."""
    with suppress(OSError, ValueError, IndexError):
        first = Path(f"/proc/{pid}/net/sockstat").read_text().splitlines()[0]
        return int(first.split()[-1]) * SOCKET
    return 0


def members(first: int, kernel: int) -> list[Path]:
    """The folders in /proc of all processes of a room.

    The room's own /proc lists them all. If it cannot be read, they are the descendants of these
    two, which is slower: who has children is a question to each thread, and a JVM has a hundred.
    """
    with suppress(OSError):
        table = Path(f"/proc/{first}/root/proc")
        if found := [folder for folder in table.iterdir() if folder.name.isdigit()]:
            return found
    return [Path(f"/proc/{pid}") for root in (first, kernel) for pid in _tree(root)]


def used(processes: Collection[Path], enough: int = 0) -> int:
    """Bytes of memory of these processes, given by their folders in /proc.

    Resident sizes are added up first, which is quick; only if they are more than `enough` is memory
    that is shared counted once.
    """
    resident = sum(map(_resident, processes))
    return resident if resident <= enough else sum(map(_proportional, processes))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                for child in (thread / "children").read_text().split():
                    yield from _tree(int(child))


def _resident(process: Path) -> int:
    with suppress(OSError, ValueError, IndexError), (process / "statm").open() as file:
        return int(file.read().split()[1]) * PAGE
    return 0


def _proportional(process: Path) -> int:
    """The proportional size; the resident one where a process has hidden it."""
    with suppress(OSError, ValueError), (process / "smaps_rollup").open() as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(process)
