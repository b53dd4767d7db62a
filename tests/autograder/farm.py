"""A farm of hosts on this machine: network namespaces, joined by a switch, each with own files.

A host has an address of its own, a folder of its own for temporary files, and in place of the
folders that it shall not read empty ones. A link can be cut; what is started on a host runs in a
process group of its own. When the farm is closed, nothing of it is left.
"""

import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

TOOLS = ("ip", "nsenter", "unshare", "mount")
PATIENCE = 120  # seconds after which a test gives up
MOUNTS = """
for folder in "$@"; do mount -t tmpfs tmpfs "$folder" || exit 1; done
mkdir -p "$TMPDIR" && echo ready && exec cat
"""


def missing() -> str:
    """What there is not that a farm needs, "" if all is there."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    return ", ".join(f"no `{tool}`" for tool in TOOLS if not shutil.which(tool))


class Process:
    """Something that runs on a host, and what it says."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.said: list[str] = []
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line)
                self._lines.put(line)
        self._lines.put("")

    def hear(self, text: str) -> str:
        """The next line with `text` in it."""
        while line := self._lines.get(timeout=PATIENCE):
            if text in line:
                return line
        raise AssertionError(f"it ended before it said {text!r}:\n{''.join(self.said)}")

    def kill(self) -> None:
        """End it and its whole process group, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def end(self) -> int:
        """Wait for its end."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


class Host:
    """One host: its address, its own temporary folder (a path that means another folder
    elsewhere), and what runs on it."""

    def __init__(self, farm: "Farm", number: int, hidden: Sequence[Path], tmp: Path) -> None:
        self.farm, self.number, self.tmp = farm, number, tmp
        self.space, self.address = f"{farm.name}h{number}", f"10.77.0.{number}"
        self.processes: list[Process] = []
        self._wire()
        self.env = {**os.environ, "TMPDIR": str(tmp), "HOME": str(tmp), "COLUMNS": "250"}
        self.env["PYTHONUNBUFFERED"] = "1"
        alone = ["unshare", "--mount", "sh", "-c", MOUNTS, "sh", *map(str, hidden)]
        self._holder = subprocess.Popen(
            ["ip", "netns", "exec", self.space, *alone],
            env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == "ready\n"

    def _wire(self) -> None:
        ip("netns", "add", self.space)
        cable = f"v{self.number}"
        inside = ("-n", self.space)
        peer = ("peer", "name", "eth0", "netns", self.space)
        ip("-n", self.farm.switch, "link", "add", cable, "type", "veth", *peer)
        ip("-n", self.farm.switch, "link", "set", cable, "master", "br0", "up")
        ip(*inside, "addr", "add", f"{self.address}/24", "dev", "eth0")
        for name in ("lo", "eth0"):
            ip(*inside, "link", "set", name, "up")

    @property
    def files(self) -> Path:
        """Its temporary folder, as we can reach it."""
        return Path(f"/proc/{self._holder.pid}/root{self.tmp}")

    def start(self, *command: str, **env: str) -> Process:
        enter = ["nsenter", "-t", str(self._holder.pid), "-n", "-m", "--"]
        there = ["sh", "-c", 'cd "$TMPDIR" && exec "$@"', "sh"]
        self.processes.append(Process([*enter, *there, *command], {**self.env, **env}))
        return self.processes[-1]

    def cut(self) -> None:
        """Pull its cable."""
        ip("-n", self.farm.switch, "link", "set", f"v{self.number}", "down")

    def running(self) -> list[psutil.Process]:
        """What runs here."""
        found = []
        for pid in map(int, ip("netns", "pids", self.space).split()):
            with suppress(psutil.NoSuchProcess):
                found.append(psutil.Process(pid))
        return [process for process in found if process.pid != self._holder.pid]

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.running():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._holder.communicate()
        ip("netns", "del", self.space)


class Farm:
    """Hosts around one switch."""

    def __init__(self, hidden: Sequence[Path], tmp: Path) -> None:
        self.name = f"og{os.getpid()}"
        self.switch, self.hidden, self.tmp = f"{self.name}s", hidden, tmp
        self.hosts: list[Host] = []

    def host(self, reads_all: bool = False) -> Host:
        """One more host; one that `reads_all` has this machine's files."""
        hidden = () if reads_all else self.hidden
        tmp = self.tmp.with_name("desk") if reads_all else self.tmp
        self.hosts.append(Host(self, len(self.hosts) + 1, hidden, tmp))
        return self.hosts[-1]


@contextmanager
def farm(hidden: Sequence[Path], tmp: Path) -> Iterator[Farm]:
    """A farm whose hosts find nothing in the folders `hidden`; `tmp` lies in the last of them."""
    with ExitStack() as stack:
        found = Farm(hidden, tmp)
        ip("netns", "add", found.switch)
        stack.callback(ip, "netns", "del", found.switch)
        ip("-n", found.switch, "link", "add", "br0", "type", "bridge")
        ip("-n", found.switch, "link", "set", "br0", "up")
        try:
            yield found
        finally:
            for host in found.hosts:
                host.close()


def ip(*words: str) -> str:
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout
