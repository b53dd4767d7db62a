"""A cluster in the background, for the command line: it outlives the shell that started it.

``up`` starts ``python -m infra.daemon``, which detaches itself, provisions the cluster, writes the
state file, and only then says so to the one who waits. The state file names the process by its id
and by the time it was created, so that another process which got the same id later is not taken
for it. ``down`` ends that process and its children, and nothing else.
"""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil
from platformdirs import user_state_path

from infra.cluster import ClusterSpec, provision

GRACE = 10  # seconds a cluster has to end by itself


@dataclass(frozen=True)
class Running:
    """The background cluster: its addresses, its spec, and the process that holds it.

    ``created`` is when the process was created, in seconds since 1970; ``log`` the log's path;
    ``environment`` what a process needs in its environment in order to find the cluster.
    """

    address: str
    dashboard: str | None
    spec: ClusterSpec
    pid: int
    created: float
    log: str
    environment: Mapping[str, str] = field(default_factory=dict)


def up(spec: ClusterSpec | None = None) -> Running:
    """Start the background cluster; returns when it is ready for clients.

    Its tasks run in the current folder. Without a spec it has worker processes, and the dashboard
    where bokeh is installed. Raises RuntimeError if one runs already (the message says where), or
    if it could not start (with the last line of its log).
    """
    if running := status():
        raise RuntimeError(_runs_already(running))
    spec = spec or ClusterSpec(processes=True, dashboard=bool(importlib.util.find_spec("bokeh")))
    log = _folder() / "cluster.log"
    if not _launch(spec, log):
        end = log.read_text(encoding="utf-8").strip().splitlines()[-1:]
        raise RuntimeError(f"The background cluster did not start: {''.join(end)} (log: {log})")
    if (running := status()) is None:
        raise RuntimeError(f"The background cluster ended as soon as it had started (log: {log})")
    return running


def status() -> Running | None:
    """The background cluster that runs, or None. Forgets one whose process is gone."""
    state = _folder() / "cluster.json"
    try:
        told = json.loads(state.read_text(encoding="utf-8"))
        running = Running(**{**told, "spec": ClusterSpec(**told["spec"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, LookupError):
        running = None
    if running and _process(running):
        return running
    state.unlink(missing_ok=True)
    return None


def down() -> bool:
    """End the background cluster; False if none was running."""
    running = status()
    process = running and _process(running)
    if not running or not process:
        return False
    family = [process, *process.children(recursive=True)]
    process.terminate()
    _, left = psutil.wait_procs(family, timeout=GRACE)
    for each in left:
        each.kill()
    psutil.wait_procs(left, timeout=GRACE)
    _forget(running)
    return True


def _folder() -> Path:
    folder = Path(os.environ.get("OUTGROW_STATE_DIR") or user_state_path("outgrow"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _runs_already(running: Running) -> str:
    return (
        f"A background cluster runs already at {running.address} (process {running.pid}). "
        "Use it, or end it first: `outgrow cluster down`."
    )


def _process(running: Running) -> psutil.Process | None:
    """The process that holds the cluster, if it is still that one."""
    try:
        process = psutil.Process(running.pid)
        same = abs(process.create_time() - running.created) < 1  # the clock may have been set
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _launch(spec: ClusterSpec, log: Path) -> bool:
    """Start the process and wait until it is ready (True) or has failed (False)."""
    command = [sys.executable, "-P", "-m", "infra.daemon", json.dumps(asdict(spec)), str(log)]
    with log.open("w", encoding="utf-8") as output:
        starter = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=output, text=True
        )
    with starter:  # it ends as soon as it has detached the one that holds the cluster
        pid, ready = "", ""
        try:
            pid = starter.stdout.readline() if starter.stdout else ""
            ready = starter.stdout.readline() if starter.stdout else ""
        except BaseException:  # the one who waits lost patience
            if pid:
                psutil.Process(int(pid)).terminate()
            raise
    return bool(ready)


def main(spec: ClusterSpec, log: str) -> None:
    """Hold a cluster until a signal comes: the life of the background process."""
    if os.fork():
        os._exit(0)
    os.setsid()
    print(os.getpid(), flush=True)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: ending.set())
    with provision(spec) as cluster:
        me = psutil.Process()
        about = (cluster.address, cluster.dashboard, spec, me.pid, me.create_time(), log)
        running = Running(*about, dict(cluster.environment))
        _publish(running)
        try:
            print("ready", flush=True)
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            ending.wait()
        finally:
            _forget(running)


def _publish(running: Running) -> None:
    """Write the state file. Only one of two that start at once succeeds."""
    draft = _folder() / f"cluster-{running.pid}.json"
    draft.write_text(json.dumps(asdict(running)), encoding="utf-8")
    try:
        os.link(draft, _folder() / "cluster.json")
    except FileExistsError:
        raise SystemExit("Another background cluster was faster.") from None
    finally:
        draft.unlink()


def _forget(running: Running) -> None:
    state = _folder() / "cluster.json"
    if status() in (running, None):
        state.unlink(missing_ok=True)


if __name__ == "__main__":
    main(ClusterSpec(**json.loads(sys.argv[1])), sys.argv[2])
