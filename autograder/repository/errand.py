"""An errand: one request, one answer, from a process that has met no other submission.

Shut in, it is a fork of the zygote in a room that is closed after it; otherwise an ordinary process
in a folder that is removed after it.
"""

import atexit
import os
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from autograder import wire
from autograder.channel import Channel, ChannelClosed, ChannelTimeout
from autograder.judge.faults import Infrastructure
from autograder.judge.surroundings import KEPT_ENVIRONMENT, kill_tree

MODULES = (
    "autograder.repository.reading", "autograder.repository.running",
    "autograder.repository.worker", "configobj", "dulwich.ignore", "dulwich.worktree",
    "dvc.cachemgr", "dvc.data_cloud", "dvc.repo", "dvc.repo.artifacts", "dvc.repo.brancher",
    "dvc.repo.checkout", "dvc.repo.datasets", "dvc.repo.graph", "dvc.repo.index", "dvc.repo.plots",
    "dvc.repo.stage", "dvc.repo.status", "dvc.repo.trie", "dvc.utils.strictyaml", "dvc_data.fs",
    "dvc_data.hashfile.db.local", "dvc_data.index.checkout", "flatten_dict",
    "fsspec.implementations.memory", "networkx", "platformdirs.unix", "pygit2", "pyparsing",
    "ruamel.yaml", "scmrepo.git.backend.pygit2.filter",
)  # fmt: skip
ENVIRONMENT = {
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "PYTHONDONTWRITEBYTECODE": "1",
    "SSL_CERT_DIR": "/etc",  # pygit2 wants a folder here
}


class Lost(Exception):
    """The process did not come to its end: it took too much time or memory."""


def errand(request: dict[str, object], seconds: float, confined: bool) -> bytes:
    """The answer of a new worker, a message of the wire; raises Lost, or Infrastructure."""
    message = wire.pack(request)
    return (_in_room if confined else _beside)(message, seconds)


def _in_room(message: bytes, seconds: float) -> bytes:
    from autograder.sandbox.confine import Limits
    from autograder.sandbox.nursery import nursery
    from autograder.sandbox.order import Order
    from autograder.sandbox.watchdog import Watchdog

    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    order = Order("repository", environment=ENVIRONMENT | {"PATH": path})
    ours, theirs = socket.socketpair()
    with ours, theirs:
        lease = nursery().lease(order, MODULES, [theirs.fileno()], _nothing())
        theirs.close()
        watchdog = Watchdog(lease.room.pid, lease.pid, Limits().memory, lease.end)
        try:
            channel = Channel(ours)
            channel.send_bytes(message)
            return channel.receive(seconds)
        except (ChannelClosed, ChannelTimeout, wire.WireError):
            if lease.orphaned():
                raise Infrastructure("the process that forks into rooms is gone") from None
            raise Lost from None
        finally:
            watchdog.close()
            lease.close()


@cache
def _nothing() -> Path:
    """An empty folder, for a room that is given no files."""
    folder = tempfile.TemporaryDirectory(prefix="outgrow-nothing-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _beside(message: bytes, seconds: float) -> bytes:
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="outgrow-", ignore_cleanup_errors=True) as scratch:
        work = Path(scratch, "work")
        work.mkdir()
        own = {"HOME": scratch, "TMPDIR": scratch, "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "autograder.repository.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=work,
            env=kept | own | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        try:
            answer, _ = process.communicate(message, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Lost from None
        finally:
            kill_tree(process.pid)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                pipe.close()
        if process.returncode:
            raise Lost
        return answer
