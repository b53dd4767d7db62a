"""What a worker of the basin may do, should a message have made it the student's: compute."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from autograder import wire
from autograder.judge import basin, washing
from autograder.sandbox.confine import namespaces
from tests.autograder.messages import FRAME, Line, answer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="washing needs fork")
BASIN = "import sys\nfrom autograder.judge import basin\n"
RUN = "basin.main(sys.argv[1:])\n"
GONE_BAD = """
import ctypes, mmap, os, socket

libc = ctypes.CDLL(None, use_errno=True)
link = int(sys.argv[1])
ATTEMPTS = {
    "read a file": lambda: os.open("/etc/localtime", os.O_RDONLY),
    "read its own code": lambda: os.open(basin.__file__, os.O_RDONLY),
    "write a file": lambda: os.open("/tmp/x", os.O_CREAT | os.O_WRONLY),
    "list a folder": lambda: os.listdir("/"),
    "look for a file": lambda: os.stat("/"),
    "make a socket": lambda: socket.socket(socket.AF_UNIX),
    "reach the network": lambda: socket.socket(),
    "make a pipe": os.pipe,
    "make a file in memory": lambda: os.memfd_create("x"),
    "fork": lambda: os.fork() or os._exit(0),
    "run a program": lambda: os.execv("/bin/true", ["true"]),
    "signal the basin": lambda: os.kill(1, 0),
    "copy a descriptor": lambda: os.dup(0),
    "make new code": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC),
    "trace": lambda: libc.ptrace(0, 0, 0, 0) and 1 / 0,
    "use the basin's line": lambda: os.write(link, b"w"),
}


def tried(attempt):
    try:
        attempt()
    except (OSError, ZeroDivisionError):
        return ""
    return "done"


def washed(message):
    return basin.WASHED, basin.wire.pack({name: tried(how) for name, how in ATTEMPTS.items()})


basin._washed = washed
"""


def worker_of(line: Line) -> psutil.Process:
    """The process that washes for this line alone."""
    room = psutil.Process(washing._basin(os.getpid(), line.sandbox).pid)
    before = {process.pid for process in room.children(recursive=True)}
    washing.wash(answer(FRAME), line)
    (worker,) = (p for p in room.children(recursive=True) if p.pid not in before)
    return worker


def test_a_decoder_gone_bad_can_open_nothing_and_reach_nobody(
    line: Line, other_basin: Callable[..., None]
):
    other_basin(sys.executable, "-I", "-c", BASIN + GONE_BAD + RUN)
    tried = wire.unpack(washing.wash(answer(FRAME), line))
    assert len(tried) == 16
    assert {name: what for name, what in tried.items() if what} == {}


def test_a_worker_has_no_right_and_no_descriptor_but_its_own(line: Line):
    worker = worker_of(line)
    proc = Path("/proc", str(worker.pid))
    rows = dict(row.split(":\t", 1) for row in (proc / "status").read_text("utf-8").splitlines())
    assert {rows[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert (rows["NoNewPrivs"], rows["Seccomp"], rows["Threads"]) == ("1", "2", "1")
    assert "0" not in rows["Uid"].split()
    ours = set(namespaces().values())
    assert ours.isdisjoint(str((proc / "ns" / name).readlink()) for name in namespaces())
    held = sorted(str(fd.readlink()).partition(":")[0] for fd in (proc / "fd").iterdir())
    assert held == ["/dev/null"] * 3 + ["socket"]
    assert set(worker.environ()) <= {*washing.ENVIRONMENT, "PWD"}


def test_a_worker_may_use_no_file_and_so_much_memory(line: Line):
    limits = Path(f"/proc/{worker_of(line).pid}/limits").read_text("utf-8")
    rows = {row[:25].strip(): row[26:].split()[0] for row in limits.splitlines()}
    assert rows["Max file size"] == rows["Max core file size"] == "0"
    assert int(rows["Max data size"]) < 2 * basin.MEMORY
    assert int(rows["Max address space"]) < 3 * basin.MEMORY


@pytest.mark.parametrize(
    "loose",
    [
        "from autograder.sandbox import syscalls\nsyscalls.load_computing = lambda: None\n",
        "import json\nfrom autograder.sandbox import confine\n"
        "sys.argv[2] = json.dumps(confine.namespaces())\n",
    ],
    ids=["a worker that may open files", "a basin that has not left our namespaces"],
)
def test_what_may_do_more_than_compute_does_not_begin(
    line: Line, other_basin: Callable[..., None], loose: str
):
    other_basin(sys.executable, "-I", "-c", BASIN + loose + RUN)
    with pytest.raises(ChildProcessError, match="did not start"):
        washing.wash(answer(FRAME), line)
