"""A room: the namespaces and mounts that bubblewrap makes for one submission.

In it there are a read-only system, the Python environment, the two packages of ours that a
notebook may import, three folders in memory that can be written (WRITABLE), a `/proc` with the
room's own processes, and a loopback of its own. A room is made empty; `confine` says how a process
gets in. When the grader dies, or closes the room, all that is
in it dies.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import autograder
from autograder.judge.faults import Infrastructure
from infra.spark.launch import places

MIB = 2**20
WORK = "/submission"
WRITABLE = {WORK: 1024 * MIB, "/tmp": 256 * MIB, "/dev/shm": 256 * MIB}  # bytes
READY_SECONDS, CLOSE_SECONDS = 20.0, 10.0
HOLDER = ("/bin/sh", "-c", "exec 2>/dev/null; echo ready; exec cat >/dev/null")
ETC = ("ld.so.cache", "alternatives", "localtime", "fonts", "ssl/openssl.cnf")
ISOLATION = (
    "--unshare-all", "--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000",
    "--hostname", "sandbox", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
    "--clearenv",
)  # fmt: skip
CLOSED = ("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORK)


class Room:
    """Namespaces of one submission, held open by a process that waits for the grader to close."""

    def __init__(self, uid: int, payload: Sequence[str] = HOLDER, fds: Sequence[int] = ()) -> None:
        """Begin to make a room for `uid` (0: our own); `fds` go to the payload."""
        self._info, info = os.pipe()
        rules = _filter()
        self._holder = subprocess.Popen(
            command(uid, payload, info, rules),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(info, rules, *fds),
            env={},
            cwd="/",
            process_group=0,
        )
        os.close(info)
        os.close(rules)
        self.pid = 0
        self._asked = False

    def ready(self) -> int:
        """Wait until the room stands; the pid (the host's) of its first process."""
        self._await()
        if not self.pid:
            self._holder.kill()
            said = self._complaint()
            self.close()
            raise Infrastructure(f"no sandbox could be made: {said or 'no answer'}")
        return self.pid

    def _await(self) -> None:
        """Until the room stands, or will not."""
        if not self._asked:
            self._asked = True
            assert self._holder.stdout is not None
            heard, _, _ = select.select([self._holder.stdout], [], [], READY_SECONDS)
            line = os.read(self._holder.stdout.fileno(), 64) if heard else b""
            if line.startswith(b"ready"):
                self.pid = json.loads(os.read(self._info, 4096))["child-pid"]

    def _complaint(self) -> str:
        assert self._holder.stderr is not None
        with suppress(ValueError, OSError):
            return self._holder.stderr.read(2000).decode("utf-8", "replace").strip()
        return ""

    @property
    def work(self) -> Path:
        """The room's `/submission`, as the grader can reach it."""
        return Path(f"/proc/{self.pid}/root{WORK}")

    def end(self) -> None:
        """Kill every process in the room: Linux ends a pid namespace with its first process."""
        if self.pid and self._holder.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the room. One that is still being made is waited for: half of it would stay."""
        self._await()
        self.end()
        self._holder.kill()
        with suppress(subprocess.TimeoutExpired):
            self._holder.wait(CLOSE_SECONDS)
        with suppress(OSError):
            os.close(self._info)
        for pipe in (self._holder.stdin, self._holder.stdout, self._holder.stderr):
            if pipe:
                pipe.close()


def command(uid: int, payload: Sequence[str], info: int, rules: int) -> list[str]:
    """The command line of a room.

    Bubblewrap never runs as the kernel's uid 0 in here: root could write to `/proc/sys`, and has no
    limit of processes. Root therefore becomes `uid` first, in a view of the system (the outer
    bwrap) in which that uid can reach the environment even if it lies under a closed home folder.
    """
    bwrap = program("bwrap")
    inner = [
        bwrap, *ISOLATION, "--info-fd", str(info), "--seccomp", str(rules), *_scratch(),
        *_runtime(), *CLOSED, "--", *payload,
    ]  # fmt: skip
    if not uid:
        return inner
    become = [program("setpriv"), f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    view = ["--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc", "--die-with-parent"]
    return [bwrap, *_runtime(), *view, "--", *become, *inner]


def _filter() -> int:
    """A descriptor to read the filter of system calls from: the room's first processes have it too,
    for what runs in the room is the same user as they."""
    from autograder.sandbox import syscalls

    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as file:
        file.write(syscalls.program())
    return reader


def program(name: str) -> str:
    """Where a program lies; Infrastructure with the package's name if it is not there."""
    packages = {"bwrap": "bubblewrap", "setpriv": "util-linux"}
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/bin:/bin")
    if not found:
        package = packages[name]
        raise Infrastructure(
            f"`{name}` is not installed: `apt install {package}` or `dnf install {package}`"
        )
    return found


def _scratch() -> list[str]:
    """What can be written. It comes first: Python may lie below `/tmp`, and is mounted there
    then."""
    sizes = WRITABLE.items()
    tmpfs = [word for path, size in sizes for word in ("--size", str(size), "--tmpfs", path)]
    return [
        "--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev", *tmpfs,
    ]  # fmt: skip


@cache
def _runtime() -> list[str]:
    """Read-only mounts: system, Python and ours, each folder above them open to pass through."""
    binds = list(_binds())
    above = sorted({p for _, to in binds for p in to.parents if p != Path("/")} | {Path("/tmp")})
    inside = [to for _, to in binds if to.is_dir()]
    open_way = [p for p in above if not any(p.is_relative_to(folder) for folder in inside)]
    words = [word for p in open_way for word in ("--perms", "0755", "--dir", str(p))]
    for source, to in binds:
        words += ["--ro-bind", str(source), str(to)]
    for name in ("bin", "sbin", "lib", "lib64", "lib32"):
        if Path("/", name).is_symlink():
            words += ["--symlink", f"usr/{name}", f"/{name}"]
    return words


def _binds() -> Iterator[tuple[Path, Path]]:
    """What is mounted, and where: Python lies where it lies outside, so that its paths hold."""
    ours = Path(autograder.__file__).parent
    folders = [Path("/usr"), Path(sys.base_prefix), Path(sys.prefix), ours, ours.parent / "infra"]
    folders += [p for p in map(Path, ("/bin", "/lib", "/lib64")) if not p.is_symlink()]
    with suppress(RuntimeError):  # without Java there is nothing to show
        folders += places()
    mounted: list[Path] = []
    for folder in dict.fromkeys(path.resolve() for path in folders):
        if folder.is_dir() and not any(folder.is_relative_to(other) for other in mounted):
            mounted.append(folder)
            yield folder, folder
    for name in ETC:
        if (path := Path("/etc", name)).exists():
            yield path.resolve(), path
    for path in sorted((Path(__file__).parent / "etc").iterdir()):
        yield path, Path("/etc", path.name)
