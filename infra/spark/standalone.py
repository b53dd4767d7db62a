"""A real Spark cluster on this machine: a master and workers, each a JVM of its own.

The master says on its standard output where it listens and who has registered, so nothing is asked
again and again. A guard, a shell that waits for the end of a pipe from us, kills them all and
removes their folder; the pipe ends when we close it, or die in whatever way.

To Spark what listens on one address is one host, and a host that has lost a worker has lost the
shuffle files of all. So on Linux, whose loopback interface has 127.0.0.0/8, each worker listens on
an address of its own: what a worker has is far away from the others, as it would be in a rack.
Elsewhere all share 127.0.0.1, and the loss of one costs the shuffle files of each.
"""

import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import IO

from infra.cluster import LOOPBACK, Cluster, ClusterSpec
from infra.java import java_home, program
from infra.spark import home, launch
from infra.spark.local import surroundings

DRIVERS = {  # what the environment of a driver adds, if it is there when its Python starts
    "PYTHONHASHSEED": "0",  # it finds a text where the workers have put it
    "PYTHONWARNINGS": "ignore:PySpark does not yet fully support pandas:FutureWarning",
}
PATIENCE = 90  # seconds for all to be there
MEMORY = 512 * 2**20  # bytes of a worker, if the spec does not say
DAEMON = ("-Xmx192m", *launch.LEAN)
GUARD = """\
while read -r pid; do all="$all $pid"; done
for pid in $all; do kill -s KILL -- "-$pid" 2>/dev/null; done
rm -rf -- "$1"
"""
LOGGING = home.LOGGING.replace("SYSTEM_ERR", "SYSTEM_OUT").replace(
    "rootLogger.level = fatal",
    "rootLogger.level = error\nlogger.master.name = org.apache.spark.deploy.master\n"
    "logger.master.level = info",
)
MASTER, PAGES = re.compile(r"Starting Spark master at (\S+)"), re.compile(r"started at (http\S+)")
REGISTERED = re.compile(r"Registering worker ")


@contextmanager
def standalone(spec: ClusterSpec) -> Iterator[Cluster]:
    """Start a master and workers; sessions of this process, and of those that have the cluster's
    `environment`, run on them. Each worker leads a process group, its executors are in it."""
    with _guarded() as (folder, guard):
        master = Daemon(folder, "master.Master", ["--host", LOOPBACK, "--port", "0"], guard)
        address, pages = master.hears(MASTER), master.hears(PAGES)
        workers = [_worker(folder, index, spec, address, guard) for index in range(spec.workers)]
        for _ in workers:
            master.hears(REGISTERED, workers)
        found = home.environment(spec, _settings(spec, address))
        with surroundings(found):
            pids = tuple(worker.process.pid for worker in workers)
            yield Cluster(address, pages, spec, environment=found | DRIVERS, workers=pids)


def _settings(spec: ClusterSpec, address: str) -> dict[str, str]:
    return {
        "spark.master": address,
        "spark.executor.cores": str(spec.threads),
        "spark.executor.memory": f"{_memory(spec)}m",
        "spark.executor.extraJavaOptions": "-XX:+UseSerialGC -XX:-UsePerfData",
        "spark.cores.max": str(spec.workers * spec.threads),
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",  # the first job waits for all of them
        "spark.shuffle.readHostLocalDisk": "false",  # a worker's files are its own, as if far away
        "spark.shuffle.io.retryWait": "1s",
    }


def _memory(spec: ClusterSpec) -> int:
    """MiB of a worker."""
    return (spec.memory or MEMORY) // 2**20


def _worker(folder: Path, index: int, spec: ClusterSpec, address: str, guard: IO[str]) -> "Daemon":
    size = ["--cores", str(spec.threads), "--memory", f"{_memory(spec)}m"]
    work = ["--work-dir", str(folder / f"worker-{index}")]
    options = ["--host", _host(index), *size, *work]
    return Daemon(folder, "worker.Worker", [*options, address], guard)


def _host(index: int) -> str:
    """The address on which a worker listens, which names its host."""
    return str(ip_address(LOOPBACK) + index) if sys.platform == "linux" else LOOPBACK


@contextmanager
def _guarded() -> Iterator[tuple[Path, IO[str]]]:
    """A folder for the cluster, and the pipe to its guard: it wants the ids of what to kill."""
    folder = Path(tempfile.mkdtemp(prefix="outgrow-spark-"))
    (folder / "log4j2.properties").write_text(LOGGING, encoding="utf-8")
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", str(folder)],
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert guard.stdin is not None
    try:
        yield folder, guard.stdin
    finally:
        guard.stdin.close()
        guard.wait()


class Daemon:
    """A master or a worker: a JVM, and what it says."""

    def __init__(self, folder: Path, name: str, options: list[str], guard: IO[str]) -> None:
        self.name, self.said = name, queue.Queue[str]()
        self.log = folder / f"{name}-{len(list(folder.iterdir()))}.log"
        main = ["-cp", launch.classes(), f"org.apache.spark.deploy.{name}", *options]
        with self.log.open("w") as errors:
            self.process = subprocess.Popen(
                [*_java(folder), *main, "--webui-port", "0"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=folder,
                env=_environment(folder),
                start_new_session=True,
            )
        guard.write(f"{self.process.pid}\n")
        guard.flush()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with suppress(ValueError), self.process.stdout as lines:
            for line in lines:
                self.said.put(line)
        self.process.wait()

    def hears(self, pattern: re.Pattern[str], others: "list[Daemon] | None" = None) -> str:
        """Wait until it says what fits the pattern; the pattern's first group of it, or all.

        Raises RuntimeError if it, or one of the others, ends before that.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(queue.Empty):
                if found := pattern.search(self.said.get(timeout=0.2)):
                    return found[found.lastindex or 0]
                continue
            for each in [self, *(others or ())]:
                if each.process.poll() is not None:
                    raise RuntimeError(f"Spark's {each.name} ended: {each.last_words()}")
        raise RuntimeError(f"Spark's {self.name} is not ready after {PATIENCE} s.")

    def last_words(self) -> str:
        return self.log.read_text("utf-8", "replace").strip()[-800:] or "it said nothing"


def _java(folder: Path) -> list[str]:
    logging = f"-Dlog4j2.configurationFile={folder / 'log4j2.properties'}"
    shared = [launch.sharing(found)] if (found := launch.archive()).is_file() else []
    places = [f"-Djava.io.tmpdir={folder}", logging]
    return [str(program()), *DAEMON, *shared, *places, *launch.opened()]


def _environment(folder: Path) -> dict[str, str]:
    """What daemons and executors get: no settings of the user's, and our folder for their files."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TZ") if key in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "JAVA_HOME": str(java_home()),
        "SPARK_HOME": str(launch.jars().parent),
        "SPARK_SCALA_VERSION": "2.13",
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_CONF_DIR": str(folder),
    }
