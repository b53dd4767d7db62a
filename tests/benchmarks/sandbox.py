"""What the sandbox costs: the same submissions, judged with it and without it.

    python tests/benchmarks/sandbox.py [--rounds N] [--lab LAB]

Ours are kernels in rooms of their own; the peer are kernels forked from such a zygote as ordinary
processes: they differ in the sandbox alone. Rounds of both alternate, and the first is left out.
The table has the wall time of a submission (a reference solution, from its first cell to
its last verdict, with the kernel's end) and the time of a lease. The last line gives the ratio of
the medians of wall time; the exit status is 1 if it, or the lease, misses its target.
"""

import argparse
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest import mock

from autograder.course.release import staged
from autograder.judge.playback import Playback
from autograder.judge.seeds import seeds
from autograder.judge.session import judge, plan
from autograder.judge.verdict import worth
from autograder.lab import Lab, read_lab
from autograder.notebook import instructor_notebook
from autograder.sandbox import forker, provisioner, watchdog
from autograder.sandbox.nursery import Lease, Nursery
from autograder.sandbox.order import Order

TARGET, LEASE_TARGET, ROUNDS = 1.08, 0.070, 9
LABS = Path(__file__).parents[2] / "labs"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--lab", default="05_dataframes")
    options = parser.parse_args()
    ours, peers = Timed(), Loose()
    shut, loose = [], []
    with staged(lab := read_lab(LABS / options.lab)) as bundle:
        for turn in range(options.rounds + 1):
            shut.append(submission(lab, bundle, ours))
            with mock.patch.object(watchdog, "Watchdog", return_value=mock.Mock(exceeded=False)):
                loose.append(submission(lab, bundle, peers))
            print(f"{turn}: {shut[-1]:.2f} s and {loose[-1]:.2f} s", file=sys.stderr)
    ours.close()
    peers.close()
    return report(options.lab, shut[1:], loose[1:], ours.seconds[1:])


class Timed(Nursery):
    """The sandbox's own, with the time of each lease."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def lease(
        self, order: Order, modules: Sequence[str], fds: Sequence[int], bundle: Path
    ) -> Lease:
        start = time.perf_counter()
        try:
            return super().lease(order, modules, fds, bundle)
        finally:
            self.seconds.append(time.perf_counter() - start)


class Folder:
    """What stands for a room where there is none."""

    def __init__(self) -> None:
        self.pid = 0
        self._scratch = tempfile.TemporaryDirectory(prefix="outgrow-")
        self.work = Path(self._scratch.name)

    def end(self) -> None:
        """The lease itself ends the kernel."""

    def close(self) -> None:
        self._scratch.cleanup()


class Loose(Nursery):
    """Forks kernels from zygotes like the others', without rooms; they stay who we are, for another
    could perhaps not read our Python out there."""

    def lease(
        self, order: Order, modules: Sequence[str], fds: Sequence[int], bundle: Path
    ) -> Lease:
        self.folder = Folder()
        here = dict.fromkeys(("HOME", "TMPDIR"), str(self.folder.work))
        order = replace(order, environment={**order.environment, **here})
        return super().lease(order, modules, fds, bundle)

    def _place(self, modules: tuple[str, ...]) -> Any:
        if modules not in self._zygotes:
            with mock.patch.object(forker, "program", loose_program):
                self._zygotes[modules] = forker.Zygote(0, modules)
        return self._zygotes[modules], self.folder

    def _prepare(self, modules: tuple[str, ...]) -> None:
        """Nothing is made ahead."""


def loose_program(link: int, uid: int, modules: Sequence[str]) -> list[str]:
    script = Path(__file__).with_name("loose_zygote.py")
    return [sys.executable, "-P", str(script), str(link), str(uid), *modules]


def submission(lab: Lab, bundle: Path, nursery: Nursery) -> float:
    """Wall seconds of judging the reference once."""
    provisioner.nursery = lambda: nursery
    notebook = instructor_notebook(lab, worth(plan(lab.tests, lab.tasks)))
    began = time.perf_counter()
    with Playback(notebook, bundle, sandbox=True) as stage:
        verdicts = judge(lab.tests, lab.tasks, stage, seeds("benchmark", lab.name))
    bad = [v for v in verdicts if v.outcome != "passed"]
    assert not bad, bad[0]
    return time.perf_counter() - began


def report(lab: str, shut: list[float], loose: list[float], leases: list[float]) -> int:
    versions = ", ".join(f"{n} {version(n)}" for n in ("ipykernel", "dask", "pyseccomp"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {versions}; {lab}")
    print(f"{'kernel':26}{'wall, s':>9}{'spread':>8}")
    for name, wall in (("in a room of its own", shut), ("as an ordinary process", loose)):
        print(f"{name:26}{statistics.median(wall):9.2f}{max(wall) - min(wall):8.2f}")
    lease = statistics.median(leases)
    print(f"lease: median {lease * 1000:.0f} ms, worst {max(leases) * 1000:.0f} ms (target 70)")
    ratio = statistics.median(shut) / statistics.median(loose)
    print(f"sandbox: ratio {ratio:.3f} (target {TARGET})")
    return int(ratio > TARGET or lease > LEASE_TARGET)


if __name__ == "__main__":
    sys.exit(main())
