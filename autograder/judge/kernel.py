"""One kernel for one submission: it runs cells, carries calls, and is ended for certain.

Cells go over Jupyter's channels, calls over a socket pair that the kernel inherits. Both have a
deadline: first the kernel is interrupted, then, two seconds later, killed with everything it
started. Nothing that comes back can do more to the judge than be wrong: messages are bounded in
size and number, and one that cannot be read ends the kernel.
"""

import queue
import socket
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
from autograder.judge.launch import Confined, Plain
from autograder.judge.run import MAX_OUTPUT, Flood, Run
from autograder.judge.surroundings import bounded_context

START_SECONDS = 60.0
GRACE_SECONDS = 2.0
TAKE_SECONDS = 10.0  # for a request to be taken in, however short the test's time


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
        self.bundle, self.needs = bundle, dict(needs or {})
        self.grace = GRACE_SECONDS
        self.asked = False
        self.client: BlockingKernelClient | None = None
        self.context = bounded_context()
        self.manager = KernelManager(context=self.context)
        self.launch = Confined(self.manager, imported) if sandbox else Plain(self.manager)
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
            self.launch.start(self.bundle, self.needs, self.theirs.fileno())
        self.client = self.manager.blocking_client()
        self.client.start_channels(hb=False)
        self._await_ready()

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

    def alive(self) -> bool:
        return self.launch.alive()

    @property
    def work(self) -> Path:
        """The kernel's work folder, as we can reach it."""
        return self.launch.work

    def kill(self) -> None:
        """End the kernel and everything it started, whatever it does about it."""
        self.launch.end()
        if self.client:
            self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.context.destroy(linger=0)
        self.channel.close()
        self.theirs.close()
        self.launch.clear()

    def execute(self, source: str, seconds: float, room: int = MAX_OUTPUT) -> Run:
        """Run one cell's source, and keep up to `room` characters of its output.

        Whatever the cell does is told by the run, and raises nothing; Infrastructure is raised if
        the kernel ended by a fault of ours.
        """
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
            run.ended = "memory" if self.launch.exhausted() else "crashed"
            self.kill()
        return run

    def _refuse_if_ours(self) -> None:
        """A kernel that ended because its zygote did has not ended by its own doing."""
        if self.launch.orphaned():
            self.kill()
            raise Infrastructure("the process that forks kernels is gone")

    def _stop_cell(self, request: str, run: Run) -> None:
        self.launch.interrupt()
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
        code = f"__import__('autograder.service').service.serve({self.launch.calls}, globals())"
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
            exhausted = self.launch.exhausted()
            self.kill()
            raise (OutOfMemory if exhausted else KernelDied) from None

    def _stop_call(self) -> None:
        self.launch.interrupt()
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
