"""One stage, run in an otherwise empty folder: this is the work of a room that ends after it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.repository.numbers import numbers_of
from autograder.repository.worker import Unfit

MOST = 64 * 2**20  # bytes, of all outputs of a stage
TOLD = 2000  # characters of what a command printed
NOWHERE = "http://127.0.0.1:9"  # where nobody listens: a plain process shall find no network either
OFFLINE = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE)
NETWORK = ("curl", "wget", "://", "name resolution", "resolve host", "unreachable", "urlopen error")


def run(
    place: Path,
    files: dict[str, bytes],
    command: str,
    folder: str,
    outs: list[str],
    numeric: list[str],
    seconds: float,
) -> dict[str, Any]:
    """Write `files`, run `command` in `folder` of them, and give what it left of `outs`.

    {"code": exit status, None after `seconds`; "said": the end of what it printed;
    "outs": {path: bytes, or {path in the folder: bytes}}; "numbers": {path: {name: number}} of
    those of `numeric` that hold numbers}. Raises Unfit for a path that leads out.
    """
    root = place / "alone"
    for path, data in files.items():
        _write(inside(root, path), data)
    work = inside(root, folder)
    work.mkdir(parents=True, exist_ok=True)
    for path in outs:
        inside(root, path).parent.mkdir(parents=True, exist_ok=True)
    code, said = _run(command, work, seconds)
    left = {path: found for path in outs if (found := _found(inside(root, path))) is not None}
    if sum(map(_size, left.values())) > MOST:
        raise Unfit(f"a stage makes more than {MOST // 2**20} MiB")
    return {"code": code, "said": said, "outs": left, "numbers": numbers_of(left, numeric)}


def inside(root: Path, path: str) -> Path:
    """The path below `root`; raises Unfit if it is not below."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path:
        raise Unfit(f"a path leads out of the repository: {path[:100]}")
    return root / path


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _run(command: str, work: Path, seconds: float) -> tuple[int | None, str]:
    """Each line of the command by a shell, as DVC does; exit status and words."""
    log = work.parent / f"{work.name}.log"
    script = command if os.name == "nt" else f"set -e\n{command}"
    kept = {n: os.environ[n] for n in ("SYSTEMROOT", "HOME", "TMPDIR") if n in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
    more = {"PATH": path, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            script,
            shell=True,
            cwd=work,
            env=kept | more | OFFLINE | {"OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        _end(process)
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TOLD))
        said = file.read().decode("utf-8", "replace").strip()
    if code and any(word in f"{command} {said}" for word in NETWORK):
        said += "\nThere is no network where a stage is run alone."
    return code, said


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _found(path: Path) -> bytes | dict[str, bytes] | None:
    if path.is_symlink():
        return None
    if path.is_file():
        return path.read_bytes() if path.stat().st_size <= MOST else b""
    if not path.is_dir():
        return None
    files = [p for p in sorted(path.rglob("*")) if p.is_file() and not p.is_symlink()]
    if sum(p.stat().st_size for p in files) > MOST:
        raise Unfit(f"a stage makes more than {MOST // 2**20} MiB")
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in files}


def _size(found: bytes | dict[str, bytes]) -> int:
    return len(found) if isinstance(found, bytes) else sum(map(len, found.values()))
