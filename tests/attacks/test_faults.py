"""A fault of ours in the middle of grading: judged again, never a zero, never a stop for others."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import solutions
from autograder.course.collect import collect
from autograder.course.folder import Course, init_course, open_course
from autograder.course.grade import grade
from autograder.course.marks import Mark
from autograder.course.release import release
from autograder.errors import OutgrowError
from autograder.sandbox.room import program
from tests.attacks.corpus import FOLDER, Attack, hand_in

LAB = "01_arena"
SLOW = "import time\ntime.sleep(1)\n\n\ndef double(number):\n    return 2 * number"
CLASS = [Attack(f"honest/{n}", "", {}, (("double", SLOW),)) for n in range(4)]
LITTLE = 2**17  # bytes of room: some notebooks, not all
LANE, ZYGOTE, BWRAP = "multiprocessing.forkserver", "autograder.sandbox.zygote", program("bwrap")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a course in which four honest students have handed in slow work."""
    solutions.__path__.append(str(FOLDER / "arena" / "solutions"))
    folder = tmp_path_factory.mktemp("made")
    made = init_course(folder / "course", FOLDER / "arena" / "labs")
    release(made, made.lab(LAB))
    for attack in CLASS:
        inbox = folder / "inbox" / attack.student
        hand_in(attack, made.notebook("solution", LAB), inbox, [])
    assert all(c.result == "new" for c in collect(made, LAB, folder / "inbox"))
    yield made.root
    solutions.__path__.remove(str(FOLDER / "arena" / "solutions"))


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Course:
    return open_course(shutil.copytree(released, tmp_path / "course", dirs_exist_ok=True))


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 8 MiB, for the course."""
    folder = tmp_path / "course"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    disk = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    subprocess.run(disk, check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def below(word: str) -> list[psutil.Process]:
    """Our descendants with `word` in their command lines."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            found += [process] if word in " ".join(process.cmdline()) else []
    return found


def judging(lane: psutil.Process) -> bool:
    """Whether a lane has a kernel running: its zygote has a child."""
    with suppress(psutil.Error):
        zygotes = [z for z in lane.children() if ZYGOTE in " ".join(z.cmdline())]
        return any(zygote.children() for zygote in zygotes)
    return False


def strike(word: str) -> Callable[[], None]:
    """Kill one lane, or one lane's zygote, as soon as it runs a kernel."""

    def wait_and_kill() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for lane in filter(judging, below(LANE)):
                victims = [lane] if word == LANE else lane.children()
                for victim in victims:
                    with suppress(psutil.Error):
                        if word in " ".join(victim.cmdline()):
                            os.kill(victim.pid, signal.SIGKILL)
                            return
            time.sleep(0.01)

    return wait_and_kill


@pytest.mark.parametrize("word", [LANE, ZYGOTE], ids=["a lane", "a zygote"])
def test_who_is_judged_while_a_process_of_ours_is_killed_keeps_the_marks(course: Course, word: str):
    before = {process.pid for process in below(BWRAP)}
    killer = threading.Thread(target=strike(word), daemon=True)
    killer.start()
    found = list(grade(course, LAB))
    killer.join()
    assert {mark.student: earned(mark) for mark in found} == {a.student: 8.0 for a in CLASS}
    assert {process.pid for process in below(BWRAP)} <= before


def earned(mark: Mark) -> float | str:
    return mark.report.earned if mark.judged and mark.report else mark.reason


def test_on_a_full_disk_nobody_gets_a_zero_and_all_are_judged_when_there_is_room(
    little_disk: Path, course: Course
):
    filler = little_disk / "filler"
    with suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(bytes(2**12))
    with pytest.raises(OutgrowError, match="cannot be written: no space left on device"):
        list(grade(course, LAB))
    os.truncate(filler, filler.stat().st_size - LITTLE)
    for mark in grade(course, LAB):
        assert not mark.judged or earned(mark) == 8.0, mark.reason
    filler.unlink()
    assert [earned(mark) for mark in grade(course, LAB)] == [8.0] * len(CLASS)
