"""The sandbox by itself: what a process in it is and has, how it ends, and what is said where there
is none."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import OutgrowError
from autograder.judge.faults import Infrastructure
from autograder.judge.kernel import Kernel
from autograder.judge.run import Run
from autograder.sandbox import nursery as nurseries
from autograder.sandbox import probe, provisioner, room, watchdog
from autograder.sandbox.confine import NotConfined, namespaces, prove
from autograder.sandbox.nursery import Nursery
from autograder.sandbox.slots import slot

MIB = 2**20
PROVISIONER = "outgrow-sandbox"
STATUS = """
import json, os
from pathlib import Path
status = dict(line.split(":\\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({
    "status": {k: v.strip() for k, v in status.items()},
    "folders": sorted(os.listdir("/")),
    "processes": sorted(int(n) for n in os.listdir("/proc") if n.isdigit()),
    "environment": sorted(os.environ),
    "interfaces": sorted(n for _, n in __import__("socket").if_nameindex()),
    "packages": sorted(p.name for p in Path(__import__("infra").__file__).parents[1].iterdir()),
}))
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "numbers.txt").write_text("1 2 3")
    (folder / "test_hidden.py").write_text("SECRET = 1")
    (folder / "lab.ipynb").write_text("{}")
    return folder


@pytest.fixture
def kernel(bundle: Path) -> Iterator[Kernel]:
    with Kernel(bundle, sandbox=True) as kernel:
        yield kernel


@pytest.fixture
def without_joining(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine whose kernel refuses setns."""
    found = Nursery(joins=False)
    monkeypatch.setattr(provisioner, "nursery", lambda: found)
    yield
    found.close()


def text(run: Run) -> str:
    assert run.ended == "ok", run
    return "".join(output.get("text", "") for output in run.outputs).strip()


def tell(kernel: Kernel, source: str, seconds: float = 30.0) -> str:
    return text(kernel.execute(source, seconds))


def assert_confined(kernel: Kernel) -> None:
    import json

    found = json.loads(tell(kernel, STATUS))
    status = found["status"]
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {
        "0" * 16
    }
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert set(status["Uid"].split()) == {"1000"}
    assert set(found["folders"]).isdisjoint({"home", "mnt", "srv", "sys", "var", "run", "opt"})
    assert max(found["processes"]) < 20
    assert found["interfaces"] == ["lo"]
    assert set(found["packages"]).isdisjoint({"solutions", "labs", "tests", ".git"})
    assert not {n for n in found["environment"] if "PYTEST" in n or "NBGRADER" in n or "SSL" in n}


def test_a_kernel_in_the_sandbox_has_no_right_and_sees_only_its_own(kernel: Kernel):
    assert_confined(kernel)


def test_the_proof_names_what_a_process_still_has():
    with pytest.raises(NotConfined, match=r"Cap|NoNewPrivs|Seccomp"):
        prove({})


def test_a_process_that_has_not_left_our_namespaces_is_found_out(monkeypatch: pytest.MonkeyPatch):
    sealed = "".join(f"{name}:\t0\n" for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))
    sealed += "NoNewPrivs:\t1\nSeccomp:\t2\nThreads:\t1\nUid:\t1000\t1000\t1000\t1000\n"
    monkeypatch.setattr(Path, "read_text", lambda _: sealed)
    with pytest.raises(NotConfined, match="the user namespace is the grader's"):
        prove(namespaces())


def test_work_holds_the_bundle_without_notebooks_and_tests(kernel: Kernel):
    assert tell(
        kernel, "import os; print(sorted(os.listdir()), open('data/numbers.txt').read())"
    ) == ("['data'] 1 2 3")


def test_the_bundle_of_the_next_is_untouched_by_what_one_writes(bundle: Path):
    with Kernel(bundle, sandbox=True) as first:
        tell(first, "open('data/numbers.txt', 'w').write('9'); open('/tmp/left', 'w').write('x')")
    with Kernel(bundle, sandbox=True) as second:
        told = tell(
            second, "import os; print(open('data/numbers.txt').read(), os.path.exists('/tmp/left'))"
        )
    assert told == "1 2 3 False"


@pytest.mark.usefixtures("without_joining")
def test_where_joining_is_refused_a_kernel_is_as_confined(bundle: Path):
    with Kernel(bundle, sandbox=True) as kernel:
        assert_confined(kernel)
        assert tell(kernel, "print(open('data/numbers.txt').read())") == "1 2 3"
    with Kernel(bundle, sandbox=True) as kernel:
        assert_confined(kernel)


def test_a_refusal_to_join_leads_to_rooms_with_their_own_zygote(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
):
    found = Nursery()
    monkeypatch.setattr(provisioner, "nursery", lambda: found)
    lease = found._lease

    def refuse(*arguments: object) -> object:
        if found.joins:
            raise Infrastructure("the sandbox was not closed: NotConfined: setns: not permitted")
        return lease(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(found, "_lease", refuse)
    with Kernel(bundle, sandbox=True) as kernel:
        assert_confined(kernel)
    found.close()


def test_nothing_is_alive_once_a_kernel_is_killed(bundle: Path):
    with Kernel(bundle, sandbox=True) as kernel:
        tell(
            kernel,
            "import subprocess, os\n"
            "for _ in range(3):\n"
            "    subprocess.Popen(['setsid', 'sleep', '12345.678'])\n"
            "if (child := os.fork()) == 0:\n"
            "    os.setsid()\n"
            "    subprocess.Popen(['sleep', '12345.678'])\n"
            "    os._exit(0)\n"
            "os.waitpid(child, 0)\n",
        )
        assert len(list(sleepers())) == 4
        family = list(sleepers())
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert (len(gone), alive) == (4, [])


def sleepers() -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["cmdline"]):
        if "12345.678" in (process.info["cmdline"] or []):
            yield process


def test_memory_of_one_process_is_bounded(kernel: Kernel):
    run = kernel.execute("x = bytearray(8 * 2**30)", 30)
    assert (run.ended, run.error.partition(":")[0]) == ("error", "MemoryError")


@pytest.mark.slow
def test_memory_split_over_processes_is_added_up(bundle: Path):
    bomb = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        x = bytearray(b"x" * (300 * 2**20))
        time.sleep(60)
time.sleep(60)
"""
    with Kernel(bundle, sandbox=True) as kernel:
        run = kernel.execute(bomb, 60)
        assert run.ended == "memory"
        assert not kernel.alive()


def test_shared_memory_counts_once():
    tree = (os.getpid(),)
    assert watchdog.used(tree, 0) <= watchdog.used(tree, 2**60)


def test_a_flood_of_output_ends_the_kernel_and_not_the_judge(kernel: Kernel):
    before = psutil.Process().memory_info().rss
    run = kernel.execute("while True: print('x' * 10**6)", 30)
    assert run.ended == "flood"
    assert not kernel.alive()
    assert psutil.Process().memory_info().rss - before < 600 * MIB


@pytest.mark.parametrize(
    "forged",
    [
        "s.send(b'[' * 200_000)",
        "s.send_multipart([b'x', b'<IDS|MSG>', b'', b'{}', b'{}', b'{}', b'{}'])",
        "s.send_multipart([b'x', b'<IDS|MSG>'])",
    ],
    ids=["nested", "unsigned", "cut off"],
)
def test_a_forged_message_is_the_kernels_end_and_not_the_judges(kernel: Kernel, forged: str):
    source = f"s = get_ipython().kernel.iopub_socket.io_thread.socket\n{forged}"
    assert kernel.execute(source, 10).ended in ("ok", "crashed")


def test_nbclient_runs_a_notebook_in_the_sandbox(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        KernelProvisionerFactory.instance(), "default_provisioner_name", PROVISIONER
    )
    notebook = new_notebook(cells=[new_code_cell("import os; print(os.getcwd(), 6 * 7)")])
    NotebookClient(notebook, timeout=30).execute()
    assert notebook.cells[0].outputs[0].text == "/submission 42\n"


def ask(kernel: Kernel) -> None:
    kernel.serve()
    kernel.ask(b"anything", 30)


@pytest.mark.parametrize(
    "use",
    [lambda kernel: kernel.execute("import time; time.sleep(30)", 30), ask],
    ids=["a cell", "a call"],
)
def test_a_kernel_that_dies_with_its_zygote_is_our_fault(
    kernel: Kernel, use: Callable[[Kernel], object]
):
    for zygote in nurseries.nursery()._zygotes.values():
        zygote.process.kill()
        zygote.process.wait()
    with pytest.raises(Infrastructure, match="forks kernels"):
        use(kernel)


def test_dasks_worker_processes_run_and_die_in_the_room(bundle: Path):
    needs = {"dask": {"workers": 2, "processes": True, "memory": 400 * MIB}}
    with Kernel(bundle, needs, sandbox=True) as kernel:
        tell(kernel, "import os, infra; client = infra.connect()")
        told = tell(
            kernel,
            "pids = client.run(os.getpid)\n"
            "limits = {w['memory_limit'] for w in client.scheduler_info()['workers'].values()}\n"
            "kept = client.submit(lambda: 7, pure=False, workers=[next(iter(pids))],\n"
            "                     allow_other_workers=True)\n"
            "kept.result()\n"
            "os.kill(next(iter(pids.values())), 9)\n"
            "print(len(set(pids.values())), limits, kept.result(), os.getpid() in pids.values())",
        )
        assert told.endswith(f"2 {{{400 * MIB}}} 7 False")


def test_two_graders_never_share_a_slot():
    if os.geteuid() != 0:
        with slot() as uid:
            assert uid == 0
        return
    with slot() as one, slot() as other:
        assert one != other
    with slot() as again:
        assert again == one


def test_this_machine_reaches_the_full_level():
    probe.level.cache_clear()
    assert probe.level().full, probe.level()


def test_an_attempt_that_succeeds_is_named_and_lowers_the_level(monkeypatch: pytest.MonkeyPatch):
    probe.level.cache_clear()
    monkeypatch.setattr(
        probe, "_attempts", lambda: {"read a file of the grader": "9 bytes of /x", "y": ""}
    )
    level = probe.level()
    probe.level.cache_clear()
    assert (level.name, level.fact) == (
        "none",
        "the sandbox lets through: read a file of the grader: 9 bytes of /x",
    )


@pytest.mark.parametrize(
    ("system", "remedy"), [("Windows", "WSL 2"), ("Darwin", "Linux virtual machine")]
)
def test_elsewhere_than_on_linux_it_says_where_to_grade(
    monkeypatch: pytest.MonkeyPatch, system: str, remedy: str
):
    probe.level.cache_clear()
    monkeypatch.setattr(probe.platform, "system", lambda: system)
    level = probe.level()
    probe.level.cache_clear()
    assert level.name == "none"
    assert remedy in level.remedy


def test_without_bubblewrap_grading_is_refused_with_the_packages_name(
    monkeypatch: pytest.MonkeyPatch,
):
    probe.level.cache_clear()
    monkeypatch.setattr(room.shutil, "which", lambda *_, **__: None)
    with pytest.raises(OutgrowError, match="apt install bubblewrap") as refused:
        probe.require()
    probe.level.cache_clear()
    assert "--unsafe" in str(refused.value)


def test_apparmor_is_named_where_it_forbids_namespaces(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "on").write_text("1\n")
    monkeypatch.setattr(probe, "APPARMOR", tmp_path / "on")
    assert "apparmor-profiles" in probe._remedy("no sandbox could be made: Permission denied")


def test_python_may_lie_below_tmp(bundle: Path, monkeypatch: pytest.MonkeyPatch):
    """As in a checkout there; `bundle` lies below it too."""
    found, binds = Nursery(), list(room._binds())
    monkeypatch.setattr(provisioner, "nursery", lambda: found)
    monkeypatch.setattr(room, "_binds", lambda: iter([*binds, (bundle, bundle)]))
    room._runtime.cache_clear()
    with Kernel(bundle, sandbox=True) as kernel:
        told = tell(kernel, f"import os; print(sorted(os.listdir({str(bundle)!r})))")
    room._runtime.cache_clear()
    found.close()
    assert told == "['data', 'lab.ipynb', 'test_hidden.py']"


def test_a_room_that_cannot_be_made_is_our_fault_and_says_what_bubblewrap_said(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(room, "ISOLATION", ("--no-such-option",))
    with slot() as uid, pytest.raises(Infrastructure, match="no-such-option"):
        room.Room(uid).ready()


@pytest.mark.slow
def test_a_grader_that_is_killed_leaves_no_room_and_no_kernel(bundle: Path):
    script = (
        "import sys, time; from pathlib import Path; from autograder.judge.kernel import Kernel\n"
        f"k = Kernel(Path({str(bundle)!r}), sandbox=True).__enter__()\n"
        "print('up', flush=True); time.sleep(600)"
    )
    grader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert grader.stdout is not None
    assert grader.stdout.readline() == b"up\n"
    family = psutil.Process(grader.pid).children(recursive=True)
    assert len(family) > 3
    os.kill(grader.pid, signal.SIGKILL)
    grader.wait()
    grader.stdout.close()
    gone, alive = psutil.wait_procs(family, timeout=20)
    assert (len(gone), alive) == (len(family), [])


def test_a_zygote_that_was_killed_is_replaced(bundle: Path):
    found = nurseries.nursery()
    with Kernel(bundle, sandbox=True):
        pass
    for zygote in found._zygotes.values():
        zygote.process.kill()
        zygote.process.wait()
    with Kernel(bundle, sandbox=True) as kernel:
        assert_confined(kernel)
