"""One kernel for one submission: it runs cells, carries calls, and is ended for certain.

Cells go over Jupyter's channels, calls over a socket pair that the kernel inherits. Both have a
deadline: first the kernel is interrupted, then, two seconds later, killed with everything it
started.
"""

import os
import queue
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode
from nbformat.v4 import new_output, output_from_msg

from autograder import wire
from autograder.channel import Channel, ChannelClosed, ChannelTimeout
from autograder.judge.faults import CallTimeout, Infrastructure, KernelDied

START_SECONDS = 60.0
GRACE_SECONDS = 2.0
MAX_OUTPUT = 2**20
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "JAVA_HOME")


@dataclass
class Run:
    """What a cell did: its outputs, and how it ended (`ok`, `error`, `timeout` or `crashed`)."""

    outputs: list[NotebookNode] = field(default_factory=list)
    ended: str = "ok"
    error: str = ""
    size: int = 0

    def add(self, message: dict[str, Any]) -> None:
        """Keep an output while there is room; say once that the rest is cut."""
        if self.size > MAX_OUTPUT:
            return
        self.size += len(str(message["content"]))
        if self.size > MAX_OUTPUT:
            self.outputs.append(new_output("stream", text="\n[the rest of the output is cut]\n"))
            return
        with suppress(ValueError, KeyError):
            self.outputs.append(output_from_msg(message))


class Kernel:
    """A running kernel in `folder`; `with Kernel(folder) as kernel:` ends it and all its
    children."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        self.folder, self.environment = folder, environment or {}
        self.grace = GRACE_SECONDS

    def __enter__(self) -> "Kernel":
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        self.channel, self.fd = Channel(ours), theirs.fileno()
        self.manager = KernelManager()
        spec = self.manager.kernel_spec
        if spec is None:
            raise Infrastructure("no Python kernel is installed here: install ipykernel")
        spec.argv = [sys.executable, "-P", "-m", "autograder.kernel_app", "-f", "{connection_file}"]
        with theirs, open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            self.manager.start_kernel(
                cwd=str(self.folder),
                env=_environment(self.folder) | self.environment,
                pass_fds=(self.fd,),
                stdout=nowhere,
                stderr=nowhere,
            )
        self.client: BlockingKernelClient = self.manager.blocking_client()
        self.client.start_channels()
        self._await_ready()

    def _await_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.alive():
            self.client.kernel_info()
            with suppress(queue.Empty):
                self.client.get_shell_msg(timeout=1.0)
                return
        self.kill()
        raise Infrastructure("a kernel did not start")

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid if self.manager.provisioner else 0  # type: ignore[union-attr]

    def alive(self) -> bool:
        return self.manager.is_alive()

    def interrupt(self) -> None:
        """SIGINT to the kernel alone, not to its children."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """End the kernel and everything it started, whatever it does about it."""
        with suppress(psutil.NoSuchProcess):
            root = psutil.Process(self.pid)
            for process in [root, *root.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.channel.close()

    def execute(self, source: str, seconds: float) -> Run:
        """Run one cell's source; never raises for what the cell does."""
        run = Run()
        request = self.client.execute(source, allow_stdin=False, stop_on_error=False)
        try:
            self._follow(request, run, seconds)
        except ChannelTimeout:
            run.ended = "timeout"
            self._stop_cell(request, run)
        except ChannelClosed:
            run.ended = "crashed"
        return run

    def _stop_cell(self, request: str, run: Run) -> None:
        self.interrupt()
        try:
            self._follow(request, Run(size=run.size), self.grace)
        except (ChannelTimeout, ChannelClosed):
            self.kill()

    def _follow(self, request: str, run: Run, seconds: float) -> None:
        """Collect a cell's outputs until it is idle, its time is over, or the kernel is gone."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=0.1)
            except queue.Empty:
                if not self.alive():
                    raise ChannelClosed("the kernel died") from None
                message = None
            if (
                message
                and message["parent_header"].get("msg_id") == request
                and _take(message, run)
            ):
                return
            if time.monotonic() > deadline:
                raise ChannelTimeout

    def serve(self) -> None:
        """Let the kernel answer calls until `release`."""
        code = f"__import__('autograder.service').service.serve({self.fd}, globals())"
        self.client.execute(code, silent=True, store_history=False)

    def release(self) -> None:
        with suppress(ChannelClosed):
            self.channel.send({"do": "end"})

    def ask(self, request: bytes, seconds: float) -> bytes:
        """Carry one call over; raise CallTimeout (the kernel may be gone then) or KernelDied."""
        try:
            self.channel.send_bytes(request)
            return self.channel.receive(seconds)
        except ChannelTimeout:
            self._stop_call()
            raise CallTimeout from None
        except (ChannelClosed, wire.WireError):
            self.kill()
            raise KernelDied from None

    def _stop_call(self) -> None:
        self.interrupt()
        try:
            self.channel.receive(self.grace)
        except (ChannelTimeout, ChannelClosed, wire.WireError):
            self.kill()


def _take(message: dict[str, Any], run: Run) -> bool:
    """Book one message of a cell; True when the cell is done."""
    content = message["content"]
    if message["msg_type"] == "status":
        return content["execution_state"] == "idle"
    if message["msg_type"] == "error":
        run.ended = "error"
        run.error = f"{content['ename']}: {content['evalue']}"[:500]
    run.add(message)
    return False


def _environment(folder: Path) -> dict[str, str]:
    """A clean environment: nothing that tells of the grader, its course, or its tests."""
    kept = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
    home = {"HOME": str(folder), "IPYTHONDIR": str(folder / ".ipython"), "TMPDIR": str(folder)}
    quiet = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "Agg",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    return {**kept, **home, **quiet}
