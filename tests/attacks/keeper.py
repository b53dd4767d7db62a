"""Runs a command, and tells what is left of it: `python keeper.py SECONDS FILE COMMAND…`.

It adopts every process that loses its parent (as an init does), so that nothing that the command
started can hide from it. FILE gets: the command's exit code, what was alive two seconds after its
end, the largest memory of a process that judged, and the least memory that was free meanwhile.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
LANE = "multiprocessing.spawn"


def main(seconds: float, file: Path, command: list[str]) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + seconds
    peak, least, code = 0, available(), None
    while code is None and time.monotonic() < deadline:
        code = reap().get(child.pid)
        for pid in below(os.getpid()):
            if LANE in text(f"/proc/{pid}/cmdline"):
                peak = max(peak, kilobytes(f"/proc/{pid}/status", "VmHWM"))
        least = min(least, available())
        time.sleep(0.1)
    left = outlived()
    kill_all()
    about = {"code": code, "left": left, "lane_peak": peak * 1024, "least_free": least * 1024}
    file.write_text(json.dumps(about), "utf-8")


def reap() -> dict[int, int]:
    """Bury what has ended; exit codes by pid."""
    ended = {}
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended[found[0]] = os.waitstatus_to_exitcode(found[1])
    return ended


def outlived() -> list[str]:
    """What is alive two seconds later."""
    for _ in range(20):
        reap()
        if not alive():
            break
        time.sleep(0.1)
    return alive()


def alive() -> list[str]:
    lines = (f"{pid} {text(f'/proc/{pid}/cmdline')}" for pid in below(os.getpid()))
    return [line.replace("\0", " ")[:300] for line in lines]


def kill_all() -> None:
    for _ in range(20):
        found = below(os.getpid())
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        reap()
        if not found:
            return
        time.sleep(0.05)


def below(pid: int) -> list[int]:
    """All descendants of a process."""
    children: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                children += map(int, (thread / "children").read_text().split())
    return [found for child in children for found in (child, *below(child))]


def available() -> int:
    return kilobytes("/proc/meminfo", "MemAvailable")


def kilobytes(path: str, key: str) -> int:
    lines = [line for line in text(path).splitlines() if line.startswith(f"{key}:")]
    return int(lines[0].split()[1]) if lines else 0


def text(path: str) -> str:
    with suppress(OSError):
        return Path(path).read_text("utf-8", "replace")
    return ""


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
