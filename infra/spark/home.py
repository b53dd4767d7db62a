"""How a process finds its Spark: a folder with a `spark-submit` of ours and Spark's settings.

PySpark starts its JVM by `$SPARK_HOME/bin/spark-submit`, which starts a first JVM only to find out
how to start the second one, with the settings of a server. Ours starts the second one at once, and
lean: one thread for the garbage, the quick compiler alone, and bounded memory. So a notebook calls
`SparkSession.builder.getOrCreate()` and nothing else: the environment tells where Spark is.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

from infra.cluster import LOOPBACK, ClusterSpec
from infra.java import java_home
from infra.spark import launch

HEAP = 768 * 2**20  # bytes of a driver, if the spec does not say
DEFAULTS = {
    "spark.driver.bindAddress": LOOPBACK,
    "spark.driver.host": LOOPBACK,
    "spark.python.daemon.module": "infra.spark.daemon",
    "spark.ui.showConsoleProgress": "false",
}
LOGGING = """\
rootLogger.level = fatal
rootLogger.appenderRef.stderr.ref = stderr
logger.driver.name = org.apache.spark.api.python.PythonGatewayServer
logger.driver.level = fatal
logger.waiting.name = org.apache.spark.scheduler.TaskSchedulerImpl
logger.waiting.level = warn
logger.waiting.filter.waiting.type = RegexFilter
logger.waiting.filter.waiting.regex = .*has not accepted any resources.*
logger.waiting.filter.waiting.onMatch = NEUTRAL
logger.waiting.filter.waiting.onMismatch = DENY
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
"""


def prepare(spec: ClusterSpec | None = None) -> None:
    """Let `SparkSession.builder.getOrCreate()` in this process find Spark and a Java.

    Without more it is local Spark in a JVM of this process's own, by `spec`, or else by
    OUTGROW_SPARK (JSON of ClusterSpec's fields), or else of two workers. Where a cluster has been
    provided already (SPARK_CONF_DIR is set), that one is used, and nothing is changed. A JVM of
    this process that has ended is forgotten: the next session starts another.

    Raises RuntimeError if there is no Java 17 (see `infra.java`), ValueError if OUTGROW_SPARK does
    not hold a spec.
    """
    hush()
    settle()
    if "pyspark" in sys.modules:
        from infra.spark import local

        local.bury()
    if "SPARK_CONF_DIR" not in os.environ:
        os.environ.update(environment(spec or spec_of_environment()))


def hush() -> None:
    """PySpark warns of pandas 3 where nothing of it is used yet."""
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)


def settle() -> None:
    """Let all Python workers hash a text alike. They get this process's PYTHONHASHSEED, and 0 if it
    has none; with "random" each executor would deal out texts by a rule of its own."""
    if os.environ.get("PYTHONHASHSEED") == "random":
        del os.environ["PYTHONHASHSEED"]


def spec_of_environment() -> ClusterSpec:
    told = os.environ.get("OUTGROW_SPARK", "{}")
    try:
        return ClusterSpec(**{"engine": "spark", **json.loads(told)})
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"OUTGROW_SPARK={told}: {error}. Set it to JSON such as "
            '{"workers": 2}, with the fields of ClusterSpec, or unset it.'
        ) from error


def environment(spec: ClusterSpec, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a process needs in its environment so that Spark in it is as `spec` says.

    `settings` are Spark's own, beside those that follow from the spec. The folder that the
    variables name is made if it is not there; it is for reading only, and known by its content.
    """
    all_settings = {
        **DEFAULTS,
        "spark.master": f"local[{spec.workers * spec.threads}]",
        "spark.ui.enabled": str(spec.dashboard).lower(),
        **(settings or {}),
    }
    home = _home(heap(spec), all_settings)
    ours = {"SPARK_HOME": str(home)} if sys.platform != "win32" else {}  # its scripts are sh's
    return {
        **ours,
        "SPARK_CONF_DIR": str(home / "conf"),
        "SPARK_LOCAL_IP": LOOPBACK,
        "JAVA_HOME": str(java_home()),
        "PYSPARK_PYTHON": sys.executable,
    }


def heap(spec: ClusterSpec) -> int:
    """Bytes of the driver's heap: in local mode it is all workers' memory."""
    local = spec.memory and spec.backend == "local"
    return spec.workers * (spec.memory or 0) if local else HEAP


def _home(size: int, settings: Mapping[str, str]) -> Path:
    """The folder that holds these settings; made if it is not there."""
    lines = (f"{name} {value}\n" for name, value in sorted(settings.items()))
    files = {
        "bin/spark-submit": launch.script(size),
        "conf/spark-defaults.conf": "".join(lines),
        "conf/log4j2.properties": LOGGING,
    }
    name = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    home = launch.folder() / f"home-{name}"
    if not home.is_dir():
        _put(home, files)
    return home


def _put(home: Path, files: Mapping[str, str]) -> None:
    """Write a folder beside, and rename it: whoever looks finds all of it, or none."""
    try:
        home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=home.parent))
        for path, text in files.items():
            (beside / path).parent.mkdir(exist_ok=True)
            (beside / path).write_text(text, encoding="utf-8")
        for path in [beside, *beside.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        _rename(beside, home)
    except OSError as error:
        raise RuntimeError(
            f"{home}: cannot write Spark's settings there ({error}). "
            "Let XDG_CACHE_HOME name a folder that you may write to."
        ) from error


def _rename(beside: Path, home: Path) -> None:
    try:
        beside.rename(home)
    except OSError:
        shutil.rmtree(beside)  # somebody else was quicker
        if not home.is_dir():
            raise
