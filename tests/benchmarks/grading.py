"""A class in a minute: submissions of unit 05's lab, graded by us and by others.

    python tests/benchmarks/grading.py [--rounds N] [--class N] [--many N] [--otter]

Four of the lab's tasks, answered rightly and wrongly, with the same eight tests everywhere
(`frames_class` has them): here as a lab whose tests run in the judge, there as asserts in the
notebook, which starts its own LocalCluster. What everybody gets must be the same to the point.

Ours is the command `outgrow course grade` from its start to its end, sandbox on, for a class of a
hundred, so start-up, booking and record are in it. Stock is `nbgrader autograde` on the first
twenty of them, in one process that is not started anew for each, with its defaults and with
`shutdown_kernel = "immediate"`. The floor is the CPU time of the notebooks' cells and tests alone,
each in a fresh process that has imported everything already, over as many cores as we have lanes.
With `--otter`, otter-grader 7 grades the twenty too (`otter_run.py`; it is fetched for that).

The last line gives the ratio of stock's median to our share of the wall time. The exit status is 1
if it misses its target, if anybody's points differ, or if a larger class (`--many`) costs more than
a tenth more for each.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import frames_class as frames
import stock

from autograder.course.folder import Course
from autograder.course.marks import read
from autograder.lanes import width
from autograder.sandbox.preload import modules

TARGET, ALLOWED = 20.0, 1.10
CLASS, SOME = 100, 20
OUTGROW = [sys.executable, "-c", "from autograder.commands import main; main()", "course"]


@dataclass(frozen=True)
class Run:
    """A run of ours: seconds of wall and CPU time, seconds to the first mark on screen, the largest
    process in bytes, and the points of each student."""

    size: int
    wall: float
    cpu: float
    first: float
    peak: int
    points: list[float]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--class", type=int, default=CLASS, dest="size")
    parser.add_argument("--many", type=int, default=0)
    parser.add_argument("--otter", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outgrow-") as name:
        course = frames.our_course(Path(name))
        runs = [ours(course, options.size) for _ in range(options.rounds)]
        many = [ours(course, options.many)] if options.many else []
        print(f"the report on {len((many or runs)[-1].points)}: {reported(course):.1f} s")
        slow, points = stock_runs(Path(name, "stock"), {})
        quick, _ = stock_runs(Path(name, "quick"), {"shutdown_kernel": "immediate"})
        peers = {"stock nbgrader": slow, 'stock, shutdown_kernel="immediate"': quick}
        if options.otter:
            from otter_run import otter

            peers["otter-grader"], theirs = otter(Path(name, "otter"), SOME)
            print(f"otter's points differ for {_differing(theirs, points)}", file=sys.stderr)
    return report(runs, many, peers, floor(SOME), runs[0].points[:SOME] == points)


def _differing(one: list[float], other: list[float]) -> list[str]:
    return [student(number) for number, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


def ours(course: Course, size: int, other: Mapping[int, dict[str, str]] | None = None) -> Run:
    """Grade a class that has just handed in; some students may have `other` answers, by task."""
    for folder in ("submitted", "autograded"):
        shutil.rmtree(course.root / folder, ignore_errors=True)
    for number in range(size):
        target = course.notebook("submitted", frames.LAB, student(number))
        target.parent.mkdir(parents=True)
        answers = frames.answers_of(number) | (other or {}).get(number, {})
        target.write_text(frames.our_submission(course, answers), "utf-8")
    start = time.perf_counter()
    command = [*OUTGROW, "grade", frames.LAB, "--course", str(course.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        first = next(time.perf_counter() - start for line in process.stdout if " / " in line)
        process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    assert process.returncode == 0, "not everybody was judged"
    found = [read(course, frames.LAB, student(number)) for number in range(size)]
    points = [report.earned for report in found if report]
    print(f"ours: {size} in {wall:.1f} s", file=sys.stderr)
    cpu = usage.ru_utime + usage.ru_stime
    return Run(size, wall, cpu, first, usage.ru_maxrss * 1024, points)


def reported(course: Course) -> float:
    """Seconds that the item report on the last run takes."""
    start = time.perf_counter()
    command = [*OUTGROW, "report", frames.LAB, "--course", str(course.root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def student(number: int) -> str:
    return f"s{number:04}"


def stock_runs(root: Path, execute: dict[str, Any]) -> tuple[list[float], list[float]]:
    """Seconds and points of each submission that stock nbgrader grades."""
    api = stock.course(root, frames.LAB, frames.stock_notebook(0), execute)
    found = []
    for number in range(SOME):
        nb = frames.stock_notebook(number)
        seconds, points = stock.grade(api, frames.LAB, student(number), nb)
        print(f"stock: {seconds:.1f} s, {points:g} points", file=sys.stderr)
        found.append((seconds, points))
    return [seconds for seconds, _ in found], [points for _, points in found]


def floor(count: int) -> list[float]:
    """CPU seconds of each submission's cells and tests, each in a fork of a process that has
    imported what our zygote has."""
    context = get_context("forkserver")
    context.set_forkserver_preload([*modules({"dask": None}), "pandas"])
    found = []
    for number in range(-1, count):
        heard, told = context.Pipe(duplex=False)
        process = context.Process(target=bare, args=(max(number, 0), told))
        process.start()
        found.append(heard.recv())
        process.join()
    return found[1:]


def bare(number: int, told: Any) -> None:
    """Run the cells in this process; a wrong answer's error ends its cell alone."""
    os.environ["OUTGROW_DASK"] = '{"workers": 2}'
    start, names = time.process_time(), {}
    for cell in frames.cells_of(number):
        try:
            exec(compile(cell, "cell", "exec"), names)
        except Exception:
            continue
    told.send(time.process_time() - start)
    os._exit(0)


def report(
    runs: list[Run], many: list[Run], peers: dict[str, list[float]], cpu: list[float], same: bool
) -> int:
    names = ("dask", "distributed", "nbgrader", "ipykernel", "pandas", "pyarrow")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    count = width(runs[0].size)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{versions}; {count} lanes; four tasks, eight tests, {frames.POINTS} points")
    print(f"{'seconds a submission':38}{'median':>8}{'from':>8}{'to':>8}{'ours is':>10}")
    each = {"ours, start to end (rounds)": [run.wall / run.size for run in runs]}
    base = statistics.median(each["ours, start to end (rounds)"])
    each |= {f"ours, {run.size} submissions": [run.wall / run.size] for run in many}
    lanes_floor = [seconds / count for seconds in cpu]
    for name, seconds in {**each, "floor, over the lanes": lanes_floor, **peers}.items():
        middle = statistics.median(seconds)
        print(f"{name:38}{middle:8.3f}{min(seconds):8.3f}{max(seconds):8.3f}{middle / base:9.2f}x")
    print("\n".join(_facts(runs, many)))
    growth = many[0].wall / many[0].size / base if many else 1.0
    ratio = statistics.median(peers["stock nbgrader"]) / base
    print(f"the same points for all: {'yes' if same else 'NO'}")
    print(f"grading: ratio {ratio:.1f} (target {TARGET:g})")
    return 0 if ratio >= TARGET and same and growth <= ALLOWED else 1


def _facts(runs: list[Run], many: list[Run]) -> Iterator[str]:
    for run in [*runs, *many]:
        yield (
            f"{run.size} submissions: {run.wall:.1f} s, {run.cpu / run.size:.2f} CPU s each, first "
            f"mark after {run.first:.1f} s, largest process {run.peak / 2**20:.0f} MiB"
        )


if __name__ == "__main__":
    sys.exit(main())
