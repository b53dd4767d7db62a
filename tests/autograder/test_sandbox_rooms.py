"""Rooms and those who fork into them: how they are made, where they cannot be, and how they end."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from autograder.judge.faults import Infrastructure
from autograder.judge.kernel import Kernel
from autograder.sandbox import nursery as nurseries
from autograder.sandbox import provisioner, room
from autograder.sandbox.nursery import Nursery
from autograder.sandbox.slots import slot
from autograder.sandbox.watchdog import members
from tests.autograder.confined import assert_confined, tell


@pytest.fixture
def without_joining(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine whose kernel refuses setns."""
    found = Nursery(joins=False)
    monkeypatch.setattr(provisioner, "nursery", lambda: found)
    yield
    found.close()


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


def test_a_room_that_cannot_be_made_is_our_fault_and_says_what_bubblewrap_said(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(room, "ISOLATION", ("--no-such-option",))
    with slot() as uid, pytest.raises(Infrastructure, match="no-such-option"):
        room.Room(uid).ready()


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


def test_two_graders_never_share_a_slot():
    if os.geteuid() != 0:
        with slot() as uid:
            assert uid == 0
        return
    with slot() as one, slot() as other:
        assert one != other
    with slot() as again:
        assert again == one


def sleepers() -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["cmdline"]):
        if "12345.678" in (process.info["cmdline"] or []):
            yield process


ORPHAN = """
if (child := os.fork()) == 0:
    os.setsid()
    subprocess.Popen(['sleep', '12345.678'])
    os._exit(0)
os.waitpid(child, 0)
"""


def test_nothing_is_alive_once_a_kernel_is_killed(bundle: Path):
    with Kernel(bundle, sandbox=True) as kernel:
        tell(
            kernel,
            "import subprocess, os\n"
            "for _ in range(3):\n"
            "    subprocess.Popen(['setsid', 'sleep', '12345.678'])\n" + ORPHAN,
        )
        assert len(list(sleepers())) == 4
        family = list(sleepers())
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert (len(gone), alive) == (4, [])


def test_the_watchdog_sees_who_has_left_the_family(bundle: Path):
    with Kernel(bundle, sandbox=True) as kernel:
        tell(
            kernel,
            "import subprocess, os\nsubprocess.Popen(['setsid', 'sleep', '12345.678'])\n" + ORPHAN,
        )
        dog = vars(kernel.launch)["_watchdog"]
        assert dog
        seen = [(m / "cmdline").read_bytes() for m in members(dog.first, dog.kernel)]
        assert sum(b"12345.678" in command for command in seen) == 2
        assert seen[0].startswith((b"bwrap", b"/usr/bin/bwrap"))
        assert Path(f"/proc/{dog.kernel}") in members(-1, dog.kernel)  # there is no such room


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


def test_a_zygote_that_was_killed_is_replaced(bundle: Path):
    found = nurseries.nursery()
    with Kernel(bundle, sandbox=True):
        pass
    for zygote in found._zygotes.values():
        zygote.process.kill()
        zygote.process.wait()
    with Kernel(bundle, sandbox=True) as kernel:
        assert_confined(kernel)


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
