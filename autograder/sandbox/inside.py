"""What runs in a room: the kernel of a submission, or the attempts of the self-test."""

import json
import os
import random
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

from autograder.sandbox import attempts
from autograder.sandbox.order import Order
from autograder.sandbox.room import WORK

FIRST_SOCKET = 2  # among an order's descriptors, after report and bundle
PIECE = 2**21  # characters
CALLS = 100  # the descriptor on which a kernel answers the judge's calls
SOCKETS = ("shell", "iopub", "stdin", "hb", "control")


def furnish(order: Order) -> None:
    """Environment, work folder and Python's own state, as in a process that was just started."""
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(WORK)
    with os.fdopen(os.dup(order.bundle), "rb") as file, tarfile.open(fileobj=file) as bundle:
        bundle.extractall(WORK, filter="data")
    os.close(order.bundle)
    time.tzset()
    tempfile.tempdir = None
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "dask" in sys.modules:
        sys.modules["dask"].config.refresh()


def kernel(order: Order) -> None:
    """Be IPython's kernel on sockets that the grader has made: it lies behind them, not in here."""
    import zmq
    from ipykernel.heartbeat import Heartbeat
    from ipykernel.kernelapp import IPKernelApp

    os.dup2(order.descriptors[FIRST_SOCKET + len(SOCKETS)], CALLS)
    fds = dict(zip(SOCKETS, order.descriptors[FIRST_SOCKET:], strict=False))
    ports = {order.about[f"{name}_port"]: fd for name, fd in fds.items()}
    file = Path(tempfile.gettempdir(), ".kernel.json")
    file.write_text(json.dumps(dict(order.about)))

    class Application(IPKernelApp):
        def _try_bind_socket(self, s: Any, port: int) -> int:
            s.setsockopt(zmq.USE_FD, ports[port])
            return super()._try_bind_socket(s, port)

    def bind(self: Any) -> Any:
        self.socket.setsockopt(zmq.USE_FD, fds["hb"])
        return self.socket.bind(f"ipc://{self.ip}-{self.port}")

    Heartbeat._try_bind_socket = bind
    _send_soon()
    Application.launch_instance(
        argv=["-f", str(file), "--HistoryManager.hist_file=:memory:", "--IPKernelApp.quiet=True"]
    )


def _send_soon() -> None:
    """Have what is printed sent in pieces: a cell that prints without end shall be stopped for
    that, and not for the memory that the rest of it took while it waited."""
    from ipykernel.iostream import OutStream

    whole = OutStream.write

    def write(self: Any, string: str) -> Any:
        written = whole(self, string)
        self.waiting = getattr(self, "waiting", 0) + len(string)
        if self.waiting > PIECE:
            self.waiting = 0
            self.flush()
        return written

    OutStream.write = write


def self_test(order: Order) -> None:
    """Try what an attacker would, and send the outcomes back."""
    found = attempts.run(dict(order.about))
    os.write(order.descriptors[FIRST_SOCKET], json.dumps(found).encode())


def repository(order: Order) -> None:
    """Do one piece of work on a student's repository."""
    from autograder.repository import worker

    worker.in_room(order.descriptors[FIRST_SOCKET])


RUN = {"kernel": kernel, "self_test": self_test, "repository": repository}
