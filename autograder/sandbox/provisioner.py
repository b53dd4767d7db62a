"""The sandbox as Jupyter knows it: a kernel provisioner, `outgrow-sandbox`.

Whatever starts kernels through jupyter_client (nbclient, nbgrader, our judge) gets a confined one
by naming it in the kernel spec or in `JUPYTER_DEFAULT_PROVISIONER_NAME`. The kernel's sockets are
made here, in a folder that the room does not hold, and handed over: there is no path from one to
the other that a submission could replace.
"""

import asyncio
import signal
import socket
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from autograder.sandbox import preload
from autograder.sandbox.confine import Limits
from autograder.sandbox.inside import SOCKETS
from autograder.sandbox.nursery import Lease, nursery
from autograder.sandbox.order import Order
from autograder.sandbox.room import WORK

JVM = 768  # processes and threads: Spark's pools grow to some hundreds in a broadcast or a cleaning
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": WORK,
    "USER": "student",
    "LANG": "C.UTF-8",
    "TMPDIR": "/tmp",
    "IPYTHONDIR": "/tmp/.ipython",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "Agg",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",  # as the zygote has it; Spark asks for it where keys are texts
    "OPENBLAS_NUM_THREADS": "1",
    "SSL_CERT_DIR": "/etc",  # pygit2, and so DVC, cannot be imported without a folder here
}


class SandboxProvisioner(KernelProvisionerBase):
    """Starts kernels in rooms. Besides what Jupyter passes, `start_kernel` may be given `bundle` (a
    folder whose files go to `/submission`), `needs` (of the lab), `imported` (libraries to have
    ready), `extra` (environment) and `calls` (a descriptor)."""

    lease: Lease | None = None
    folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def has_process(self) -> bool:
        return self.lease is not None

    @property
    def pid(self) -> int:
        return self.lease.pid if self.lease else 0

    def running(self) -> bool:
        return bool(self.lease and self.lease.alive())

    def signal(self, number: int) -> None:
        """Send a signal to the kernel alone, not to its children."""
        if self.running():
            assert self.lease is not None
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.lease.handle, number)

    async def poll(self) -> int | None:
        return None if self.running() else 0

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.01)
        self._close()
        return 0

    async def send_signal(self, signum: int) -> None:
        self.signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002
        self._close()

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002
        self._close()

    async def cleanup(self, restart: bool = False) -> None:  # noqa: ARG002
        self._close()

    def _close(self) -> None:
        """End all that runs in the room, and the room."""
        if self.lease:
            self.lease.close()
            self.lease = None
        if self.folder:
            self.folder.cleanup()
            self.folder = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        manager: Any = self.parent
        self.folder = tempfile.TemporaryDirectory(prefix="outgrow-sockets-")
        manager.transport, manager.ip = "ipc", str(Path(self.folder.name, "k"))
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(
        self,
        cmd: list[str],  # noqa: ARG002
        bundle: Path | None = None,
        needs: dict[str, Any] | None = None,
        imported: tuple[str, ...] = (),
        extra: dict[str, str] | None = None,
        calls: int | None = None,
        **_: Any,
    ) -> Any:
        about = {k: _text(v) for k, v in self.connection_info.items()}
        limits = Limits(processes=JVM) if "spark" in (needs or {}) else Limits()
        settings = ENVIRONMENT | (extra or {})
        order = Order("kernel", about=about, environment=settings, limits=limits)
        with ExitStack() as stack:
            fds = [stack.enter_context(self._listen(name)).fileno() for name in SOCKETS]
            if calls is None:
                calls = stack.enter_context(socket.socket()).fileno()
            empty = stack.enter_context(tempfile.TemporaryDirectory())
            modules = preload.modules(needs or {}, imported)
            self.lease = nursery().lease(order, modules, [*fds, calls], bundle or Path(empty))
        return self.connection_info

    def _listen(self, name: str) -> socket.socket:
        end = socket.socket(socket.AF_UNIX)
        about: Any = self.connection_info
        end.bind(f"{about['ip']}-{about[f'{name}_port']}")
        end.listen(16)
        return end


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value
