"""The self-test: what an attacker would try first, tried in the sandbox.

Each attempt returns what it achieved, and nothing if it was refused. Run through
`probe`, before anything of a student is.
"""

import ctypes
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.sandbox.room import WRITABLE

NEW_USER_NAMESPACE = 0x10000000
PTRACE_ATTACH = 16


def run(about: dict[str, Any]) -> dict[str, str]:
    """The attempts by name, each with what it achieved ("" is good).

    `about` names a file, a process, a port and an environment variable of the grader's, all of
    which must stay out of reach.
    """
    attempts: dict[str, Callable[[], str]] = {
        "read a file of the grader": lambda: _read(about["file"]),
        "read it through /proc/1/root": lambda: _read(f"/proc/1/root{about['file']}"),
        "see the grader's process": lambda: _see(about["pid"]),
        "signal the grader": lambda: _signal(about["pid"]),
        "connect to the grader's loopback": lambda: _connect(about["port"]),
        "write to the system": lambda: _write("/usr/outgrow"),
        "write to the environment": lambda: _write(os.__file__),
        "write to the kernel's settings": lambda: _write("/proc/sys/kernel/hostname"),
        "make a user namespace": _namespace,
        "trace a process": _trace,
        "become root": _root,
        "keep a secret of the environment": lambda: _environment(about["variable"]),
        "use without end": _limits,
    }
    return {name: _attempt(attempt) for name, attempt in attempts.items()}


def _attempt(attempt: Callable[[], str]) -> str:
    try:
        return attempt()
    except (OSError, MemoryError, ValueError):
        return ""


def _read(path: str) -> str:
    return f"{len(Path(path).read_bytes())} bytes of {path}"


def _write(path: str) -> str:
    with open(path, "ab"):  # noqa: PTH123
        return f"{path} is open for writing"


def _see(pid: int) -> str:
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    seen = b"outgrow" in command or b"python" in command
    mine = pid == os.getpid()
    return f"process {pid}" if seen and not mine else ""


def _signal(pid: int) -> str:
    if pid == os.getpid():
        return ""
    os.kill(pid, 0)
    return f"process {pid} can be signalled"


def _connect(port: int) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        return f"port {port} answers"


def _namespace() -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    return "" if libc.unshare(NEW_USER_NAMESPACE) else "a new user namespace"


def _trace() -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    return "" if libc.ptrace(PTRACE_ATTACH, os.getppid() or 1, 0, 0) else "a process is traced"


def _root() -> str:
    with suppress(PermissionError):
        os.setuid(0)
        return "uid 0"
    return "uid 0" if os.getuid() == 0 else ""


def _environment(variable: str) -> str:
    kept = Path("/proc/self/environ").read_text() + " ".join(os.environ)
    secret = [word for word in ("TOKEN", "SECRET", variable) if word in kept]
    return f"the environment holds {', '.join(secret)}" if secret else ""


def _limits() -> str:
    import resource

    kinds = {
        "processes": resource.RLIMIT_NPROC,
        "memory": resource.RLIMIT_DATA,
        "file size": resource.RLIMIT_FSIZE,
        "open files": resource.RLIMIT_NOFILE,
    }
    loose = [n for n, k in kinds.items() if resource.getrlimit(k)[1] == resource.RLIM_INFINITY]
    disk = [
        path
        for path, size in WRITABLE.items()
        if os.statvfs(path).f_blocks * os.statvfs(path).f_frsize > size
    ]
    return f"no limit of {', '.join(loose + disk)}" if loose + disk else ""
