"""Confinement: how a process gives up everything but its own work, and proves it.

This module is the one on which safety rests; every step says what it takes away. `join` moves the
calling process into the namespaces of a room; a fork of it is then a process of that room, and
`seal` takes from it what bubblewrap takes from its own children. Whoever calls `seal` holds no
right afterwards, or is dead: it reads back from `/proc/self` what it is, and ends itself if that is
not what it must be. The rules are those of capabilities(7), namespaces(7) and prctl(2).
"""

import ctypes
import os
import resource
import signal
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NAMESPACES = {  # name under /proc/PID/ns -> the flag of setns(2), from linux/sched.h
    "user": 0x10000000, "mnt": 0x00020000, "pid": 0x20000000, "net": 0x40000000,
    "ipc": 0x08000000, "uts": 0x04000000,
}  # fmt: skip
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, CLEAR_ALL = 36, 38, 47, 4
CAPABILITY_VERSION_3 = 0x20080522
MIB = 2**20
STACKS = 1024 * MIB  # threads' stacks count as data, though hardly any of it is ever used

_libc = ctypes.CDLL(None, use_errno=True)


class NotConfined(Exception):
    """A step was refused, or the proof failed: the process must not run foreign code."""


@dataclass(frozen=True)
class Limits:
    """What one process, or the whole room where the kernel counts so, may use."""

    memory: int = (
        2048 * MIB
    )  # bytes, by the watchdog; what one process may ask for is a little more
    processes: int = 256  # of the room: processes and threads together
    files: int = 1024  # open at a time, of a process
    file_size: int = 1024 * MIB  # bytes


def join(pid: int) -> None:
    """Move into the room whose first process is `pid`; children of ours will be its processes."""
    handle = os.pidfd_open(pid)
    try:  # all at once, or not at all; the user namespace comes first and gives the right to others
        _must(_libc.setns(handle, sum(NAMESPACES.values())), "setns")
    finally:
        os.close(handle)


def namespaces() -> dict[str, str]:
    """Which namespaces this process is in."""
    return {name: str(Path("/proc/self/ns", name).readlink()) for name in NAMESPACES}


def become(uid: int) -> None:
    """From root to `uid`, for good: no group, no saved id, no capability stays."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def prctl(option: int, value: int = 0) -> None:
    _must(_libc.prctl(option, value, 0, 0, 0), f"prctl({option})")


def seal(limits: Limits, keep: Iterable[int], outside: Mapping[str, str]) -> None:
    """Give up everything, and prove it. `keep` are the descriptors to keep; `outside` the
    namespaces that we must have left."""
    os.setsid()  # no terminal, no process group of the grader's
    os.umask(0o077)
    _close_all_but(set(keep))  # no file, socket or pipe of the grader's but those named
    _limit(limits)
    Path("/proc/self/oom_score_adj").write_text("1000")  # if memory ends, we go first, not others
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # if who forked us dies, so do we
    for capability in range(64):  # no program that is started can gain one either
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # beyond the last one that this kernel knows
    prctl(PR_CAP_AMBIENT, CLEAR_ALL)
    _drop_capabilities()
    prctl(PR_SET_NO_NEW_PRIVS, 1)  # no setuid program counts
    prctl(PR_SET_DUMPABLE, 1)  # our own /proc/self is ours again, which ordinary programs read
    from autograder.sandbox import syscalls

    syscalls.load()
    prove(outside)


def prove(outside: Mapping[str, str]) -> None:
    """Raise NotConfined unless the kernel says that we are what we must be."""
    status = dict(
        line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines()
    )
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        if int(status[name], 16) != 0:
            raise NotConfined(f"{name} is {status[name]}, not empty")
    for name, wanted in (("NoNewPrivs", "1"), ("Seccomp", "2"), ("Threads", "1")):
        if status[name].strip() != wanted:
            raise NotConfined(f"{name} is {status[name].strip()}, not {wanted}")
    if "0" in status["Uid"].split():
        raise NotConfined("the user is root")
    here = namespaces()
    for name, place in outside.items():
        if here[name] == place:
            raise NotConfined(f"the {name} namespace is the grader's")
    if os.access("/", os.W_OK):
        raise NotConfined("the root folder can be written")


def _close_all_but(keep: set[int]) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    for path in list(Path("/proc/self/fd").iterdir()):
        if (fd := int(path.name)) > 2 and fd not in keep:
            with suppress(OSError):  # the descriptor of this listing itself is closed by now
                os.close(fd)


def _limit(limits: Limits) -> None:
    fixed = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_NPROC: limits.processes,
        resource.RLIMIT_NOFILE: limits.files,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_DATA: limits.memory + STACKS,
    }
    for kind, value in fixed.items():
        _, hard = resource.getrlimit(kind)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))


def _drop_capabilities() -> None:
    """capset(2) with empty sets: effective, permitted and inheritable, 64 bits in two words."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _must(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def _must(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise NotConfined(f"{what}: {os.strerror(code)}")
