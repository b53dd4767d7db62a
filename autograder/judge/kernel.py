"""One kernel for one submission: it runs cells, carries calls, and is ended for certain.

Cells go over Jupyter's channels, calls over a socket pair that the kernel inherits. Both have a
deadline: first the kernel is interrupted, then, two seconds later, killed with everything it
started. Nothing that comes back can do more to the judge than be wrong: messages are bounded in
size and number, and one that cannot be read ends the kernel.
"""

import os
import queue
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from autograder import wire
from autograder.channel import Channel, ChannelClosed, ChannelTimeout
from autograder.judge.faults import CallTimeout, Infrastructure, KernelDied, OutOfMemory
from autograder.judge.run import MAX_OUTPUT, Flood, Run
from autograder.judge.surroundings import bounded_context, engines, environment, kill_tree

START_SECONDS = 60.0
GRACE_SECONDS = 2.0
TAKE_SECONDS = 10.0  # for a request to be taken in, however short the test's time
BUNDLED = shutil.ignore_patterns("*.ipynb", "test_*.py")
CALLS = 100  # the kernel's descriptor for calls, in the sandbox


class Kernel:
    """A running kernel with a fresh copy of `bundle` to work in; leaving its `with` ends it and all
    its children. `needs` are the lab's; `sandbox` says where it runs; there, the libraries
    `imported` are loaded ahead."""

    def __init__(
        self,
        bundle: Path,
        needs: Mapping[str, Any] | None = None,
        sandbox: bool = False,
        imported: tuple[str, ...] = (),
    ) -> None:
        self.imported = imported
        self.bundle, self.needs, self.sandbox = bundle, dict(needs or {}), sandbox
        self.grace = GRACE_SECONDS
        self.asked = False
        self.watchdog: Any = None
        self.scratch: tempfile.TemporaryDirectory[str] | None = None
        self.client: BlockingKernelClient | None = None
        self.context = bounded_context()
        self.manager = KernelManager(context=self.context)
        ours, self.theirs = socket.socketpair()
        self.channel = Channel(ours)

    def __enter__(self) -> "Kernel":
        try:
            self._start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _start(self) -> None:
        if self.manager.kernel_spec is None:
            raise Infrastructure("no Python kernel is installed here: install ipykernel")
        with self.theirs:
            (self._start_confined if self.sandbox else self._start_plain)(self.theirs.fileno())
        self.client = self.manager.blocking_client()
        self.client.start_channels(hb=False)
        self._await_ready()

    def _start_confined(self, calls: int) -> None:
        from autograder.sandbox.confine import Limits
        from autograder.sandbox.watchdog import Watchdog

        spec: Any = self.manager.kernel_spec
        spec.metadata = {"kernel_provisioner": {"provisioner_name": "outgrow-sandbox"}}
        self.manager.start_kernel(
            bundle=self.bundle,
            needs=self.needs,
            imported=self.imported,
            extra=engines(self.needs),
            calls=calls,
        )
        lease = self._provisioner.lease
        self.fd, self.work = CALLS, lease.room.work
        self.watchdog = Watchdog(lease.room.pid, lease.pid, Limits().memory, lease.end)

    def _start_plain(self, calls: int) -> None:
        self.scratch = tempfile.TemporaryDirectory(prefix="outgrow-", ignore_cleanup_errors=True)
        self.fd, self.work = calls, Path(self.scratch.name) / "work"
        shutil.copytree(self.bundle, self.work, ignore=BUNDLED)
        spec: Any = self.manager.kernel_spec
        spec.argv = [sys.executable, "-P", "-m", "autograder.kernel_app", "-f", "{connection_file}"]
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            self.manager.start_kernel(
                cwd=str(self.work),
                env=environment(self.work) | engines(self.needs),
                pass_fds=(calls,),
                stdout=nowhere,
                stderr=nowhere,
            )

    def _await_ready(self) -> None:
        """Wait until the kernel answers, and until we hear what it publishes."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.alive():
            self._client.kernel_info()
            with suppress(queue.Empty):
                self._client.get_shell_msg(timeout=1.0)
                self._client.get_iopub_msg(timeout=0.2)
                return
        self.kill()
        raise Infrastructure("a kernel did not start")

    @property
    def _client(self) -> BlockingKernelClient:
        assert self.client is not None
        return self.client

    @property
    def _provisioner(self) -> Any:
        return self.manager.provisioner

    @property
    def pid(self) -> int:
        return self._provisioner.pid if self._provisioner else 0

    def alive(self) -> bool:
        if self.sandbox:
            return bool(self._provisioner and self._provisioner.running())
        return self.manager.is_alive()

    def interrupt(self) -> None:
        """SIGINT to the kernel alone, not to its children."""
        if self.sandbox:
            self._provisioner.signal(signal.SIGINT)
            return
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """End the kernel and everything it started, whatever it does about it."""
        if self.watchdog:
            self.watchdog.close()
        if not self.sandbox:
            kill_tree(self.pid)
        if self.client:
            self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.context.destroy(linger=0)
        self.channel.close()
        self.theirs.close()
        if self.scratch:
            with suppress(OSError):
                self.scratch.cleanup()

    def execute(self, source: str, seconds: float, room: int = MAX_OUTPUT) -> Run:
        """Run one cell's source, and keep up to `room` characters of its output; never raises for
        what the cell does."""
        run = Run(room=room)
        request = self._client.execute(source, allow_stdin=False, stop_on_error=False)
        try:
            self._follow(request, run, seconds)
        except ChannelTimeout:
            run.ended = "timeout"
            self._stop_cell(request, run)
        except Flood:
            run.ended = "flood"
            self.kill()
        except ChannelClosed:
            self._refuse_if_ours()
            run.ended = "memory" if self._exhausted() else "crashed"
            self.kill()
        return run

    def _refuse_if_ours(self) -> None:
        """A kernel that ended because its zygote did has not ended by its own doing."""
        lease = self._provisioner.lease if self.sandbox and self._provisioner else None
        if lease and lease.orphaned():
            self.kill()
            raise Infrastructure("the process that forks kernels is gone")

    def _exhausted(self) -> bool:
        return bool(self.watchdog and self.watchdog.exceeded)

    def _stop_cell(self, request: str, run: Run) -> None:
        self.interrupt()
        try:
            self._follow(request, Run(size=run.size), self.grace)
        except (ChannelTimeout, ChannelClosed, Flood):
            self.kill()

    def _follow(self, request: str, run: Run, seconds: float) -> None:
        """Collect a cell's outputs until it is idle, its time is over, or the kernel is gone."""
        deadline = time.monotonic() + seconds
        while True:
            message = self._next_message()
            if message and _concerns(message, request) and _booked(run, message):
                return
            if time.monotonic() > deadline:
                raise ChannelTimeout

    def _next_message(self) -> Any:
        """What the kernel published next, if it did so within 0.1 s. Whatever cannot be read as a
        message (forged, or nested beyond reason) is the kernel's end."""
        try:
            return self._client.get_iopub_msg(timeout=0.1)
        except queue.Empty:
            if not self.alive():
                raise ChannelClosed("the kernel died") from None
            return None
        except Exception as error:
            raise ChannelClosed(f"the kernel sent what is no message: {error}") from None

    def serve(self) -> None:
        """Let the kernel answer calls until `release`."""
        code = f"__import__('autograder.service').service.serve({self.fd}, globals())"
        self._client.execute(code, silent=True, store_history=False, allow_stdin=False)

    def release(self) -> None:
        """End `serve`; a kernel that still owes an answer would give it to the next question."""
        if self.asked:
            self.kill()
            return
        with suppress(ChannelClosed):
            self.channel.send({"do": "end"})

    def ask(self, request: bytes, seconds: float) -> bytes:
        """Carry one call over; raise CallTimeout (the kernel may be gone then) or KernelDied."""
        self.asked = True
        try:
            self.channel.send_bytes(request, max(seconds, TAKE_SECONDS))
            answer = self.channel.receive(seconds)
            self.asked = False
            return answer
        except ChannelTimeout:
            self._stop_call()
            raise CallTimeout from None
        except (ChannelClosed, wire.WireError):
            self._refuse_if_ours()
            exhausted = self._exhausted()
            self.kill()
            raise (OutOfMemory if exhausted else KernelDied) from None

    def _stop_call(self) -> None:
        self.interrupt()
        try:
            self.channel.receive(self.grace)
            self.asked = False
        except (ChannelTimeout, ChannelClosed, wire.WireError):
            self.kill()


def _concerns(message: Any, request: str) -> bool:
    parent = message.get("parent_header")
    return isinstance(parent, dict) and parent.get("msg_id") == request


def _booked(run: Run, message: Any) -> bool:
    try:
        return run.take(message)
    except Flood:
        raise
    except Exception as error:
        raise ChannelClosed(f"the kernel sent what is no message: {error}") from None
