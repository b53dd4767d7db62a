"""A grader that is stopped leaves nothing behind: no lane, no kernel, no work folder."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from autograder.course.folder import Course
from tests.autograder.tiny import NAME, answered

ENDLESS = "while True: pass"
GOES_ON = "the same command goes on with the rest"


@pytest.fixture
def grader(course: Course, tmp_path: Path) -> subprocess.Popen[str]:
    """A grader at work, in a process group of its own, on more submissions than it has lanes; none
    of them ends."""
    for student in ("ada", "ben", "cleo", "dan", "eve"):
        target = course.notebook("submitted", NAME, student)
        target.parent.mkdir(parents=True)
        text = course.notebook("release", NAME).read_text("utf-8")
        target.write_text(answered(ENDLESS, text), "utf-8")
    command = [sys.executable, "-c", "from autograder.commands import main; main()", "course"]
    return subprocess.Popen(
        [*command, "grade", NAME, "--course", str(course.root)],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kernels(process: psutil.Process) -> list[psutil.Process]:
    """The kernels among a grader's descendants: what the lanes' zygotes have forked. (What the
    grader's own has forked tries the sandbox.)"""
    found = []
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            parent = child.parent()
            if parent is None or parent.ppid() == process.pid:
                continue
            if "autograder.sandbox.zygote" in parent.cmdline():
                found.append(child)
    return found


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill-9"])
def test_nothing_is_left_of_a_grader_that_is_stopped(
    grader: subprocess.Popen[str], tmp_path: Path, how: signal.Signals
):
    with grader:
        root = psutil.Process(grader.pid)
        while len(kernels(root)) < 2:
            with suppress(subprocess.TimeoutExpired):
                assert grader.wait(0.2) is None, grader.communicate()
        family = root.children(recursive=True)
        os.kill(grader.pid, how)
        said = grader.communicate(timeout=30)[1]
    gone, alive = psutil.wait_procs(family, timeout=20)
    assert (alive, len(gone)) == ([], len(family))
    if how == signal.SIGINT:
        assert grader.returncode == 130
        assert said.strip() == f"outgrow: stopped; 0 of 5 are graded: {GOES_ON}"
    assert not list(tmp_path.glob("outgrow-*"))
