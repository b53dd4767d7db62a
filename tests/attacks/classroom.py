"""Has the corpus graded, as root or as an ordinary user, and reads what came of it."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox.room import program

ROOT = Path(__file__).parents[2]
KEEPER = Path(__file__).with_name("keeper.py")
USER = "outgrow-tests"
SECONDS = 400.0
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "CI")


@dataclass(frozen=True)
class Graded:
    """What submissions got, by student; what became of the canaries; what was left running; what
    was printed."""

    results: dict[str, Any]
    canaries: dict[str, Any]
    left: dict[str, Any]
    log: str


def graded(who: str, wanted: tuple[str, ...] = ()) -> Graded:
    """Grade the corpus (or the attacks with one of these words in their names) as `who`."""
    with person(who) as command, workplace(who) as folder:
        keeper = [sys.executable, str(KEEPER), str(SECONDS), str(folder / "left.json")]
        grading = [sys.executable, "-P", "-m", "tests.attacks.grading", str(folder), *wanted]
        done = subprocess.run(
            [*command, *keeper, *grading],
            cwd=ROOT,
            env=environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        results, kept, left = (_read(folder / f"{n}.json") for n in ("results", "canaries", "left"))
        return Graded(results, kept, left, done.stdout.decode("utf-8", "replace"))


def environment(folder: Path) -> dict[str, str]:
    kept = {key: os.environ[key] for key in KEPT if key in os.environ}
    return {**kept, "HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


@contextmanager
def workplace(who: str) -> Iterator[Path]:
    """A folder of that person's own."""
    folder = Path(tempfile.mkdtemp(prefix="outgrow-attacks-"))
    (folder / "home").mkdir()
    if who == "user" and os.geteuid() == 0:
        for path in (folder, folder / "home"):
            shutil.chown(path, USER, USER)
    try:
        yield folder
    finally:
        if not os.environ.get("OUTGROW_KEEP_ATTACKS"):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def person(who: str) -> Iterator[list[str]]:
    """The start of a command line that runs the rest as that person."""
    if who == "root" or os.geteuid() != 0:
        yield []
        return
    if not any(entry.pw_name == USER for entry in pwd.getpwall()):
        subprocess.run([program("useradd"), "--no-create-home", "--user-group", USER], check=True)
    become = [program("setpriv"), f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    yield [program("bwrap"), "--dev-bind", "/", "/", *_opened(), "--", *become]


def _opened() -> list[str]:
    """Mounts that make the environment and the checkout readable where they lie, even below a home
    folder that is closed to others."""
    needed = [Path(sys.base_prefix), Path(sys.prefix), ROOT]
    closed = {path: above for path in needed if (above := _closed(path))}
    words: list[str] = []
    for above in sorted(set(closed.values())):
        words += ["--perms", "0755", "--tmpfs", str(above)]
    for path, above in closed.items():
        way = [folder for folder in reversed(path.parents) if above in folder.parents]
        words += [word for folder in way for word in ("--perms", "0755", "--dir", str(folder))]
        words += ["--ro-bind", str(path), str(path)]
    return words


def _closed(path: Path) -> Path | None:
    """The uppermost folder on the way to `path` that others may not pass through."""
    way = [folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001]
    return way[0] if way else None
