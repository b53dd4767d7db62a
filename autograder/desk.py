"""A student's desk: a working copy of a lab, what it needs, and JupyterLab on it.

    work/02_task_graphs/
      02_task_graphs.ipynb   the student's notebook
      test_lab.py  data/     what came with it; helpers of the tests, too
      .outgrow/              the notebook as it was released, and how many hints were taken

A lab is found by its name in the folder of labs, or by the path of an unpacked bundle.
"""

import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat

from autograder.errors import OutgrowError
from autograder.judge.verdict import Report

START_SECONDS = 60.0
PR_SET_PDEATHSIG = 1  # from linux/prctl.h
TEACHING = ("assignment_list", "course_list", "formgrader", "validate_assignment")
NEWS = "@jupyterlab/apputils-extension:announcements"
PAGE = {"disabledExtensions": {"@jupyter/nbgrader": True, NEWS: True}}


@dataclass(frozen=True)
class Desk:
    """A working copy: its folder, its notebook, the lab's tasks in order, and what the lab
    needs."""

    folder: Path
    notebook: Path
    tasks: tuple[str, ...]
    needs: dict[str, Any]

    @property
    def released(self) -> Path:
        return self.folder / ".outgrow" / "released.ipynb"


def desk(labs: Path, work: Path, lab: str, say: Callable[[str], object] = print) -> Desk:
    """The student's copy of a lab; made if there is none, else left as it is."""
    folder = desk_folder(labs, work, lab)
    if not _notebook(folder).exists():
        _lay_out(labs, folder)
        say(f"Your copy is {_notebook(folder)}")
    return _open(folder)


def existing(labs: Path, work: Path, lab: str) -> Desk:
    """The student's copy of a lab, which must be there."""
    folder = desk_folder(labs, work, lab)
    if not _notebook(folder).exists():
        raise OutgrowError("you have no copy of this lab", folder, f"Run `outgrow start {lab}`.")
    return _open(folder)


def desk_folder(labs: Path, work: Path, lab: str) -> Path:
    """Where the copy of a lab lies: an unpacked bundle if `lab` is one, else a folder of `work`."""
    from autograder.course.folder import find_lab
    from autograder.lab import find_labs

    bundle = Path(lab).resolve()
    if _notebook(bundle).exists():
        return bundle
    here = [p for p in work.glob(f"{lab}*") if _notebook(p).exists()] if not find_labs(labs) else []
    return here[0] if len(here) == 1 else work / find_lab(labs, lab).name


def _notebook(folder: Path) -> Path:
    return folder / f"{folder.name}.ipynb"


def _lay_out(labs: Path, folder: Path) -> None:
    """Build the bundle of a lab in a new folder."""
    from autograder.course.folder import find_lab
    from autograder.course.release import staged
    from autograder.judge.session import plan
    from autograder.judge.verdict import worth
    from autograder.notebook import instructor_notebook
    from autograder.verify import untouched

    lab = find_lab(labs, folder.name)
    notebook = untouched(instructor_notebook(lab, worth(plan(lab.tests, lab.tasks))))
    with staged(lab) as bundle:
        shutil.copytree(bundle, folder, dirs_exist_ok=True)
    nbformat.write(notebook, _notebook(folder))


def _open(folder: Path) -> Desk:
    notebook = _notebook(folder)
    try:
        ours = json.loads(notebook.read_text("utf-8"))["metadata"]["outgrow"]
        found = Desk(folder, notebook, tuple(ours["hints"]), dict(ours["needs"]))
    except (ValueError, KeyError, TypeError):
        remedy = f"Put it back with `outgrow reset {folder.name}`; your version is kept."
        found = Desk(folder, notebook, (), {})
        if not found.released.exists():
            raise OutgrowError("this is not a lab's notebook", notebook, remedy) from None
        ours = json.loads(found.released.read_text("utf-8"))["metadata"]["outgrow"]
        return Desk(folder, notebook, tuple(ours["hints"]), dict(ours["needs"]))
    if not found.released.exists():
        found.released.parent.mkdir(exist_ok=True)
        shutil.copy(notebook, found.released)
    return found


def reset(found: Desk) -> Path:
    """Put the notebook back; return where the student's version is kept."""
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S-%f")
    kept = found.folder / f"{found.notebook.stem}.before-reset-{stamp}.ipynb"
    shutil.move(found.notebook, kept)
    shutil.copy(found.released, found.notebook)
    return kept


def check_all(found: Desk) -> Report:
    """Judge the copy by its visible tests, in a kernel of its own."""
    from autograder.judge.playback import Playback
    from autograder.judge.seeds import PUBLIC, seeds
    from autograder.judge.session import judge
    from autograder.lab import visible_tests

    tests = visible_tests(found.folder)
    if not tests:
        remedy = "Get the lab again: its tests came with the notebook."
        raise OutgrowError("there are no tests beside your notebook", found.folder, remedy)
    try:
        notebook = nbformat.read(found.notebook, as_version=4)
    except Exception as error:
        remedy = f"`outgrow reset {found.folder.name}` puts it back and keeps your version."
        raise OutgrowError(f"no notebook: {error}", found.notebook, remedy) from None
    with Playback(notebook, found.folder) as stage:
        return Report(judge(tests, found.tasks, stage, seeds(PUBLIC)))


def open_lab(found: Desk, browser: bool, say: Callable[[str], object] = print) -> int:
    """Serve the copy in JupyterLab until it is stopped; return JupyterLab's exit status."""
    with (
        _ended_in_order(),
        _engines(found.needs, say) as environment,
        _jupyter(found, environment) as (process, url),
    ):
        say(f"JupyterLab: {url}\nStop it with Ctrl-C.")
        if browser:
            webbrowser.open(url)
        try:
            return process.wait()
        except KeyboardInterrupt:
            say("stopping")
            return 0


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let SIGTERM and a closed terminal stop us as Ctrl-C does, so that nothing is left running."""
    names = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(name, signal.default_int_handler) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


@contextmanager
def _engines(needs: dict[str, Any], say: Callable[[str], object]) -> Iterator[dict[str, str]]:
    """Provision what a lab needs; yield the environment variables that lead to it."""
    from infra import ClusterSpec, provision

    found: dict[str, str] = {}
    with ExitStack() as stack:
        if "bucket" in needs and not os.environ.get("OUTGROW_BUCKET"):
            # Before the workers, which have their environment from us.
            from infra import bucket

            room = stack.enter_context(tempfile.TemporaryDirectory(prefix="outgrow-"))
            made = stack.enter_context(bucket(door=Path(room, "store"))).ours
            say(f"Object store: {made.address}, a bucket in memory, gone when you stop")
            found |= made.environment
        if "dask" in needs:
            spec = ClusterSpec(**{"processes": True, "dashboard": True, **(needs["dask"] or {})})
            cluster = stack.enter_context(provision(spec))
            say(f"Dask cluster: {cluster.address}, dashboard {cluster.dashboard}")
            found |= cluster.environment
        if "spark" in needs:
            from infra.spark import environment

            spec = {"engine": "spark", "dashboard": True, **(needs["spark"] or {})}
            found |= environment(ClusterSpec(**spec)) | {"PYTHONHASHSEED": "0"}
            say("Spark: in the notebook's own process; its pages from http://127.0.0.1:4040 on")
        yield found


@contextmanager
def _jupyter(found: Desk, extra: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """JupyterLab on a free loopback port, with a token of its own."""
    token = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory(prefix="outgrow-") as runtime:
        environment = {
            **os.environ,
            **extra,
            "JUPYTER_RUNTIME_DIR": runtime,
            "JUPYTER_TOKEN": token,
        }
        process = subprocess.Popen(
            _command(found, Path(runtime)),
            env=environment,
            stdin=subprocess.DEVNULL,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        try:
            port = _port(Path(runtime), process)
            yield process, f"http://127.0.0.1:{port}/lab/tree/{found.notebook.name}?token={token}"
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _command(found: Desk, runtime: Path) -> list[str]:
    """JupyterLab as a student needs it: no nbgrader tools, no news, no question on Ctrl-C."""
    settings = runtime / "settings"
    settings.mkdir()
    (settings / "page_config.json").write_text(json.dumps(PAGE), "utf-8")
    tools = (f"nbgrader.server_extensions.{name}=False" for name in TEACHING)
    return [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0", f"--ServerApp.root_dir={found.folder}",
        "--Application.log_level=ERROR",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--LabApp.app_settings_dir={settings}",
        *(f"--ServerApp.jpserver_extensions={tool}" for tool in tools),
        *(["--allow-root"] if _is_root() else []),
    ]  # fmt: skip


def _end_with_parent() -> None:
    """On Linux: have this process told to end when the one that started it is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _port(runtime: Path, process: subprocess.Popen[bytes]) -> int:
    """The port that JupyterLab took, from the file in which it says so, once it answers there."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            with suppress(ValueError, KeyError, OSError):
                port = int(json.loads(file.read_text("utf-8"))["port"])
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return port
        time.sleep(0.05)
    raise OutgrowError("JupyterLab did not start", "", "Its own message stands above.")
