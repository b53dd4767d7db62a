"""Launches: how a kernel comes to be, where it works, and how it is reached without its help.

There are two, for a kernel that is an ordinary process of ours, and for one in the sandbox; both
answer the same questions.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import KernelManager

from autograder.judge.lending import given_back, leading, lent
from autograder.judge.surroundings import engines, environment, kill_tree

if TYPE_CHECKING:
    from infra import Bucket

BUNDLED = shutil.ignore_patterns("*.ipynb", "test_*.py")


class Plain:
    """A kernel as an ordinary process, in a temporary copy of the bundle; it can do what we can."""

    def __init__(self, manager: KernelManager) -> None:
        self.manager = manager
        self._scratch = tempfile.TemporaryDirectory(prefix="outgrow-", ignore_cleanup_errors=True)
        self.work = Path(self._scratch.name) / "work"
        self.calls = -1
        self.bucket: Bucket | None = None

    def start(self, bundle: Path, needs: Mapping[str, Any], calls: int) -> None:
        """Start it, with the descriptor `calls` to answer on."""
        self.calls = calls
        shutil.copytree(bundle, self.work, ignore=BUNDLED)
        self.bucket = lent(needs)
        found = self.bucket.ours.environment if self.bucket else {}
        spec: Any = self.manager.kernel_spec
        spec.argv = [sys.executable, "-P", "-m", "autograder.kernel_app", "-f", "{connection_file}"]
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            self.manager.start_kernel(
                cwd=str(self.work),
                env=environment(self.work) | engines(needs) | found,
                pass_fds=(calls,),
                stdout=nowhere,
                stderr=nowhere,
            )

    def alive(self) -> bool:
        return self.manager.is_alive()

    def interrupt(self) -> None:
        """SIGINT to the kernel alone, not to its children."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGINT)

    def end(self) -> None:
        """Kill it and its children, as far as they can be found."""
        kill_tree(self._pid)

    def clear(self) -> None:
        """Remove what it left, once it has ended."""
        given_back(self.bucket)
        with suppress(OSError):
            self._scratch.cleanup()

    def exhausted(self) -> bool:
        return False

    def orphaned(self) -> bool:
        return False

    @property
    def _pid(self) -> int:
        provisioner: Any = self.manager.provisioner
        return provisioner.pid if provisioner else 0


class Confined:
    """A kernel in a room of its own; there, the libraries `imported` are loaded ahead."""

    def __init__(self, manager: KernelManager, imported: tuple[str, ...]) -> None:
        self.manager, self.imported = manager, imported
        self.work = Path()
        self.calls = -1
        self.bucket: Bucket | None = None
        self._watchdog: Any = None

    def start(self, bundle: Path, needs: Mapping[str, Any], calls: int) -> None:
        """Start it, with our descriptor `calls` to answer on; `self.calls` is its name for it."""
        from autograder.sandbox.confine import Limits
        from autograder.sandbox.inside import CALLS
        from autograder.sandbox.watchdog import Watchdog

        spec: Any = self.manager.kernel_spec
        spec.metadata = {"kernel_provisioner": {"provisioner_name": "outgrow-sandbox"}}
        self.manager.start_kernel(
            bundle=bundle,
            needs=dict(needs),
            imported=self.imported,
            extra=engines(needs) | leading(needs),
            calls=calls,
        )
        lease = self._provisioner.lease
        self.bucket = lent(needs, lease.room.pid)
        self.calls, self.work = CALLS, lease.room.work
        self._watchdog = Watchdog(lease.room.pid, lease.pid, Limits().memory, lease.end)

    def alive(self) -> bool:
        return bool(self._provisioner and self._provisioner.running())

    def interrupt(self) -> None:
        """SIGINT to the kernel alone, not to its children."""
        self._provisioner.signal(signal.SIGINT)

    def end(self) -> None:
        """Nothing to do before the provisioner ends the room."""
        if self._watchdog:
            self._watchdog.close()

    def clear(self) -> None:
        """Nothing is left of a room."""
        given_back(self.bucket)

    def exhausted(self) -> bool:
        """Whether the room was ended for the memory that it used."""
        return bool(self._watchdog and self._watchdog.exceeded)

    def orphaned(self) -> bool:
        """Whether the zygote is gone, and the kernel with it, by no fault of its own."""
        lease = self._provisioner.lease if self._provisioner else None
        return bool(lease and lease.orphaned())

    @property
    def _provisioner(self) -> Any:
        return self.manager.provisioner
