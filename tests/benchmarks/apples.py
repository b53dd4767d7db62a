"""A few bad apples: what two endless loops and a kernel that kills itself cost a class.

    python tests/benchmarks/apples.py [--class N]

A class is graded twice by `outgrow course grade`, sandbox on: as it is, and with three of its
submissions spoilt. Each of the three has one task replaced: two loop for ever when they are called,
one sends its own process SIGKILL. The rest of the class must get the same points, and the second
run may take longer by no more than the time that the spoilt tests are allowed, over the lanes.

The last line is the extra time over what is allowed: not more than 1.
"""

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

import frames_class as frames
from grading import ours, student

from autograder.course.folder import Course
from autograder.lanes import width

SIZE, TARGET = 20, 1.0
TASK = "topk"
LOOP = "def topk(ddf, column, k):\n    while True:\n        pass\n"
KILL = "import os, signal\n\ndef topk(ddf, column, k):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
SPOILT = {3: LOOP, 8: KILL, 13: LOOP}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--class", type=int, default=SIZE, dest="size")
    size = parser.parse_args().size
    with tempfile.TemporaryDirectory(prefix="outgrow-") as name:
        course = frames.our_course(Path(name))
        sound = ours(course, size)
        spoilt = ours(course, size, {n: {TASK: source} for n, source in SPOILT.items()})
        allowed = allowance(course) / width(size)
    others = [n for n in range(size) if n not in SPOILT]
    same = [sound.points[n] for n in others] == [spoilt.points[n] for n in others]
    extra = spoilt.wall - sound.wall
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{size} submissions: {sound.wall:.1f} s; with {len(SPOILT)} spoilt {spoilt.wall:.1f} s")
    print(f"extra {extra:.1f} s; their budgets over the lanes {allowed:.1f} s")
    for n in SPOILT:
        print(f"{student(n)}: {sound.points[n]:g} points, spoilt {spoilt.points[n]:g}")
    print(f"the same points for the other {len(others)}: {'yes' if same else 'NO'}")
    print(f"apples: ratio {extra / allowed:.2f} (target {TARGET:g} or less)")
    return 0 if same and extra <= TARGET * allowed else 1


def allowance(course: Course) -> float:
    """Seconds that the tests of the spoilt task may take in all, for those who loop for ever."""
    budget = course.budget(frames.LAB)
    tests = sum(s for test, s in budget.tests.items() if test.startswith(f"test_{TASK}_"))
    return tests * sum(source == LOOP for source in SPOILT.values())


if __name__ == "__main__":
    sys.exit(main())
