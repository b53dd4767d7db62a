"""What a second host is worth: the same class, graded on one host and on two.

    python tests/benchmarks/hosts.py [--rounds N] [--class N] [--lab LAB]

A host is a Dask worker that may use one core of this machine, and no other. Everybody hands in the
reference; the marks are booked. Rounds on one host and on two alternate. The table has the time
from the first host's readiness to the last mark, and, beside it, what comes before: to connect, to
send the exam, and to measure the budgets. The scheduler and the grader have no core of their own,
which costs both. The last line gives the ratio of the medians; the exit status is 1 if it misses
its target.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from autograder.course.folder import Course, init_course
from autograder.course.grade import How, grade_all
from autograder.course.release import release

TARGET, ROUNDS, CLASS = 1.8, 3, 24
LABS = Path(__file__).parents[2] / "labs"
DASK = str(Path(sys.executable).with_name("dask"))
Times = tuple[float, float]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--class", dest="size", type=int, default=CLASS)
    parser.add_argument("--lab", default="02_task_graphs")
    options = parser.parse_args()
    found: dict[int, list[Times]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory(prefix="outgrow-") as folder:
        course = init_course(Path(folder) / "course", LABS)
        release(course, course.lab(options.lab))
        hand_in(course, options.lab, options.size)
        for turn in range(options.rounds):
            for count, times in found.items():
                with cluster(sorted(os.sched_getaffinity(0))[:count]) as address:
                    times.append(grade(course, options.lab, address, count))
                print(f"{turn}, {count} at work: {times[-1][1]:.1f} s", file=sys.stderr)
    return report(options.lab, options.size, found)


def hand_in(course: Course, lab: str, size: int) -> None:
    text = course.notebook("source", lab).read_bytes()
    for number in range(size):
        target = course.notebook("submitted", lab, f"s{number:03}")
        target.parent.mkdir(parents=True)
        target.write_bytes(text)


@contextmanager
def cluster(cores: Sequence[int]) -> Iterator[str]:
    """A scheduler, and a worker on each of the cores; its address."""
    started: list[subprocess.Popen[str]] = []

    def start(*command: str, until: str) -> str:
        started.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        assert started[-1].stderr is not None
        return next(line for line in started[-1].stderr if until in line).split()[-1]

    with tempfile.TemporaryDirectory(prefix="outgrow-") as folder:
        local = ("--host", "127.0.0.1", "--no-dashboard")
        address = start(DASK, "scheduler", *local, "--port", "0", until="Scheduler at:")
        try:
            for core in cores:
                place = ("--local-directory", f"{folder}/{core}", "--nthreads", "1")
                pinned = ("taskset", "-c", str(core), DASK, "worker", address)
                start(*pinned, *local, *place, until="Registered to:")
            yield address
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.communicate()


def grade(course: Course, lab: str, address: str, count: int) -> Times:
    """Seconds until the first host is ready, and from then to the last mark."""
    ready: list[float] = []

    def say(text: str) -> None:
        if " is ready" in text:
            ready.append(time.perf_counter())

    work = [(lab, student) for student in course.students(lab)]
    began = time.perf_counter()
    marks = list(grade_all(course, work, How(again=True, on=address, say=say)))
    ended = time.perf_counter()
    bad = [mark for mark in marks if not mark.report or mark.report.earned < mark.report.points]
    assert not bad, bad[0]
    assert len(ready) == count, ready
    return ready[0] - began, ended - ready[0]


def report(lab: str, size: int, found: dict[int, list[Times]]) -> int:
    versions = ", ".join(f"{n} {version(n)}" for n in ("distributed", "ipykernel", "pytest"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {versions}")
    print(f"{lab}, {size} submissions, one core a host")
    print(f"{'hosts':8}{'ready, s':>10}{'grading, s':>12}{'spread':>8}{'each, s':>9}")
    middle = {}
    for count, times in found.items():
        first, whole = (statistics.median(column) for column in zip(*times, strict=True))
        spread = max(t for _, t in times) - min(t for _, t in times)
        print(f"{count:<8}{first:10.1f}{whole:12.1f}{spread:8.1f}{whole / size:9.2f}")
        middle[count] = whole
    ratio = middle[1] / middle[2]
    print(f"hosts: ratio {ratio:.2f} (target {TARGET})")
    return int(ratio < TARGET)


if __name__ == "__main__":
    sys.exit(main())
