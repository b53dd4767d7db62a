"""What a kernel is surrounded by: its environment, the judge's sockets to it, its children."""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import zmq

MAX_MESSAGE = 16 * 2**20  # bytes; at most MAX_WAITING of them wait to be read
MAX_WAITING = 16
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "JAVA_HOME")


def bounded_context() -> zmq.Context[Any]:
    """Sockets that hold no more of what a kernel sends than MAX_WAITING messages of MAX_MESSAGE."""
    context: zmq.Context[Any] = zmq.Context()
    context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)
    context.setsockopt(zmq.RCVHWM, MAX_WAITING)
    context.setsockopt(zmq.LINGER, 0)
    return context


def kill_tree(pid: int) -> None:
    """Kill a process and all that it started, as far as they can be found."""
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()


def engines(needs: Mapping[str, Any]) -> dict[str, str]:
    """What the lab needs, for `infra.connect()` to read in the notebook's own process, and for
    `SparkSession.builder.getOrCreate()` to find there."""
    found = {"OUTGROW_DASK": json.dumps(needs["dask"] or {})} if "dask" in needs else {}
    if "spark" in needs:
        from infra import ClusterSpec
        from infra.spark import archive, environment

        archive.make(lambda text: print(text, file=sys.stderr))
        found |= environment(ClusterSpec(engine="spark", **(needs["spark"] or {})))
    return found


def environment(folder: Path) -> dict[str, str]:
    """A clean environment: nothing that tells of the grader, its course, or its tests."""
    kept = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
    home = {"HOME": str(folder), "IPYTHONDIR": str(folder / ".ipython"), "TMPDIR": str(folder)}
    quiet = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # as in the sandbox
        "MPLBACKEND": "Agg",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false",  # else gcsfs loads gRPC
    }
    return {**kept, **home, **quiet}
