"""Submissions are judged on the hosts of a Dask cluster, with the marks that they have here."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import LocalCluster, Security

from autograder import fleet
from autograder.course.folder import Course, open_course
from autograder.course.grade import How, grade, prepare
from autograder.course.judging import judge_one
from autograder.course.parcel import pack, unpacked
from autograder.errors import OutgrowError
from autograder.hosts import hosts
from infra import ClusterSpec, provision
from tests.autograder.farm import Farm, Host, Process, farm, missing
from tests.autograder.tiny import NAME, answered

ROOT = Path(__file__).parents[2]
DASK = str(Path(sys.executable).with_name("dask"))
OUTGROW = str(Path(sys.executable).with_name("outgrow"))
QUIET: Any = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
ANSWERS = (
    "return number + number",
    "return number * number",
    "while True: pass",
    "import os; os._exit(1)",
    "return abs(number) * 2",
    "return 2 * number if number > 0 else 0",
)


def hand_in(course: Course, count: int) -> None:
    """Submissions of `count` students, and of one who handed in a link."""
    text = course.notebook("release", NAME).read_text("utf-8")
    for number in range(count):
        target = course.notebook("submitted", NAME, f"s{number:02}")
        target.parent.mkdir(parents=True)
        for path in (target, target.with_name("final version.ipynb")):
            path.write_text(answered(ANSWERS[number % len(ANSWERS)], text), "utf-8")
    link = course.notebook("submitted", NAME, "zoe")
    link.parent.mkdir(parents=True)
    link.symlink_to("/etc/passwd")


def booked(course: Course) -> dict[str, Any]:
    """What was booked of each submission, but for the time that it took."""
    found = {}
    for student in course.students(NAME):
        text = course.notebook("autograded", NAME, student).read_text("utf-8")
        ours = json.loads(text)["metadata"]["outgrow"]
        ours["report"].pop("seconds")
        for verdict in ours["report"]["verdicts"]:
            verdict.pop("seconds", None)
        found[student] = ours
    return found


# ---- hosts in namespaces


@pytest.fixture
def hosts_there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """A farm whose hosts have neither labs nor solutions nor the course."""
    if reason := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    ours = tmp_path_factory.getbasetemp()
    (ours / "desk").mkdir()
    with farm([ROOT / "labs", ROOT / "solutions", ours], ours / "host") as found:
        yield found


def secured(host: Host) -> list[str]:
    """The options that make Dask talk TLS, with the certificate on the host's own disk."""
    return [
        word
        for option, name in (("ca-file", "ca"), ("cert", "cert"), ("key", "key"))
        for word in (f"--tls-{option}", str(host.tmp / f"{name}.pem"))
    ]


def certify(host: Host, keys: Security) -> None:
    for name, text in (
        ("ca", keys.tls_ca_file), ("cert", keys.tls_worker_cert), ("key", keys.tls_worker_key),
    ):  # fmt: skip
        (host.files / f"{name}.pem").write_text(str(text))


def work(host: Host, desk: Host) -> Process:
    """A worker with one thread on a host, as a user would start it."""
    url = f"tls://{desk.address}:8786"
    options = ("--nthreads", "1", "--name", f"w{host.number}", "--no-dashboard")
    return host.start(DASK, "worker", url, *options, *secured(host))


def garrisons(host: Host) -> list[psutil.Process]:
    return [p for p in host.running() if "autograder.garrison" in p.cmdline()]


def test_marks_are_the_same_if_a_host_dies_another_is_cut_off_and_one_joins(
    course: Course, hosts_there: Farm, tmp_path: Path
):
    hand_in(course, 11)
    local = open_course(shutil.copytree(course.root, tmp_path / "local", symlinks=True))
    desk = hosts_there.host(reads_all=True)
    one, two, three = (hosts_there.host() for _ in range(3))
    keys = Security.temporary()
    for host in (desk, one, two, three):
        certify(host, keys)
    listen = ("--host", desk.address, "--port", "8786", "--protocol", "tls", "--no-dashboard")
    desk.start(DASK, "scheduler", *listen, *secured(desk)).hear("Scheduler at")
    workers = {host: work(host, desk) for host in (one, two)}
    for worker in workers.values():
        worker.hear("Registered to")

    pem = {name: str(desk.tmp / f"{name}.pem") for name in ("ca", "cert", "key")}
    tls = {"CA_FILE": pem["ca"], "CLIENT__CERT": pem["cert"], "CLIENT__KEY": pem["key"]}
    command = ["course", "grade", NAME, "--course", str(course.root)]
    command += ["--on", f"tls://{desk.address}:8786"]
    env = {f"DASK_DISTRIBUTED__COMM__TLS__{key}": value for key, value in tls.items()}
    grader = desk.start(OUTGROW, *command, **env)
    first, second = (
        next(h for h in workers if f" w{h.number} " in line)
        for line in (grader.hear(" is ready"), grader.hear(" is ready"))
    )
    orphans = garrisons(first)
    workers[first].kill()
    second.cut()
    late = work(three, desk)

    assert "jobs that go to others: 1" in grader.hear(f"w{first.number} ")
    assert grader.end() == 0, grader.said
    said = "".join(grader.said)
    assert f"w{second.number} " in said
    assert "has not been heard of" in said
    assert len(orphans) == 1
    assert not psutil.wait_procs([*orphans, *garrisons(three)], timeout=30)[1]
    assert not list(first.files.glob("outgrow-*"))
    assert not list(three.files.glob("outgrow-*"))
    assert late.process.poll() is None
    list(grade(local, NAME))
    assert booked(course) == booked(local)
    again = subprocess.run([OUTGROW, *command], capture_output=True, text=True)
    assert "12 kept" in again.stdout, again


# ---- clusters that cannot grade, on this host


@pytest.fixture
def scheduler() -> Iterator[str]:
    """A cluster of one worker, in this process."""
    with provision(ClusterSpec(workers=1)) as cluster:
        yield cluster.address


def judged(course: Course, on: str, work: Callable[..., Any] = judge_one) -> Future[Any]:
    """What comes of the first submission on the hosts of `on`."""
    job = (course, NAME, "s00", True)
    with hosts(course, [NAME], on) as each:
        ((_, result),) = each(work, [job])
        return result


def test_a_scheduler_that_does_not_answer_or_has_nobody_is_said(
    course: Course, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("autograder.hosts.CONNECT_SECONDS", 1)
    monkeypatch.setattr("autograder.fleet.CONNECT_SECONDS", 1)
    with pytest.raises(OutgrowError, match=r"^tcp://127.0.0.1:9: no scheduler answers there"):
        judged(course, "tcp://127.0.0.1:9")
    empty = LocalCluster(n_workers=0, protocol="tcp://", **QUIET)
    with empty, pytest.raises(OutgrowError, match=r"has no workers\. Run `dask worker tcp://"):
        judged(course, empty.scheduler_address)


def test_a_worker_with_other_versions_is_named(
    course: Course, scheduler: str, monkeypatch: pytest.MonkeyPatch
):
    other = {**fleet.versions(), "outgrow": "0.0.1"}
    monkeypatch.setattr("autograder.fleet.versions", lambda: other)
    hand_in(course, 1)
    with pytest.raises(OutgrowError, match=r"^worker .*and 0.0.1 where the grader runs"):
        judged(course, scheduler)


def test_a_worker_without_outgrow_is_named(course: Course, tmp_path: Path):
    hand_in(course, 1)
    (tmp_path / "without.py").write_text("import sys\nsys.modules['autograder'] = None\n")
    cluster = LocalCluster(n_workers=1, preload=[str(tmp_path / "without.py")], **QUIET)
    with cluster, pytest.raises(OutgrowError, match=r"^worker .*: outgrow is not installed there"):
        judged(course, cluster.scheduler_address)


def test_a_host_on_which_the_reference_fails_is_at_fault_and_nobody_else(
    course: Course, scheduler: str
):
    hand_in(course, 1)
    source = course.notebook("source", NAME)
    text = source.read_text("utf-8")
    source.write_text(text.replace("return 2 * number", "return 3 * number"), "utf-8")
    with pytest.raises(OutgrowError, match=r"^worker .*: the reference fails .*mend this host"):
        judged(course, scheduler)


def fatal(*_: object) -> None:
    """Ends the outpost that has it done."""
    outpost: Any = parent_process()
    os.kill(outpost.pid, signal.SIGKILL)


def test_a_job_that_loses_every_host_fails_alone(
    course: Course, scheduler: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("autograder.fleet.TRIES", 2)
    hand_in(course, 1)
    assert str(judged(course, scheduler, fatal).exception()) == "2 workers were lost at it"


# ---- what a host is given


def test_a_parcel_holds_the_exam_and_lies_where_nobody_else_can_read_it(course: Course):
    parcel = pack(course, [NAME])
    with unpacked(parcel) as there:
        root = there.root
        assert root.stat().st_mode & 0o777 == 0o700
        found = {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()}
        assert there.secret == course.secret
    assert not root.exists()
    released = {f"release/{NAME}/{name}" for name in (f"{NAME}.ipynb", "README.md", "test_lab.py")}
    tests = {f"labs/{NAME}/{name}" for name in ("lab.py", "test_lab.py", "test_hidden.py")}
    assert found == released | tests | {".outgrow/secret", f"source/{NAME}/{NAME}.ipynb"}
    with (
        pytest.raises(OutgrowError, match="did not arrive whole"),
        unpacked(replace(parcel, archive=parcel.archive[:-1])),
    ):
        pass


def test_budgets_of_another_machine_are_measured_anew(course: Course):
    said: list[str] = []
    mine = course.budget(NAME)
    course.save_budget(NAME, replace(mine, machine="elsewhere: Z80, 1 cores"))
    for _ in range(2):
        prepare(course, [NAME], How(say=said.append))
    assert course.budget(NAME).machine == mine.machine
    assert said == [f"{NAME}: measuring how long the reference takes on this machine"]
