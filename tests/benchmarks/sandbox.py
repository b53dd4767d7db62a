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
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from autograder.course.release import staged
from autograder.judge.kernel import CALLS, Kernel
from autograder.judge.playback import Playback
from autograder.judge.seeds import seeds
from autograder.judge.session import judge, plan
from autograder.judge.surroundings import engines
from autograder.judge.verdict import worth
from autograder.lab import Lab, read_lab
from autograder.notebook import instructor_notebook
from autograder.sandbox import provisioner
from autograder.sandbox.nursery import Nursery, nursery

TARGET, LEASE_TARGET, ROUNDS = 1.08, 0.070, 9
LABS = Path(__file__).parents[2] / "labs"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--lab", default="05_dataframes")
    options = parser.parse_args()
    leases: list[float] = []
    Nursery.lease = timed(Nursery.lease, leases)  # type: ignore[method-assign]
    shut, loose = [], []
    with staged(lab := read_lab(LABS / options.lab)) as bundle:
        for turn in range(options.rounds + 1):
            shut.append(submission(lab, bundle, CONFINED))
            loose.append(submission(lab, bundle, start_open))
            print(f"{turn}: {shut[-1]:.2f} s and {loose[-1]:.2f} s", file=sys.stderr)
    return report(options.lab, shut[1:], loose[1:], leases[2::2])


def timed(lease: Callable, leases: list[float]) -> Callable:
    def measured(*arguments):
        start = time.perf_counter()
        try:
            return lease(*arguments)
        finally:
            leases.append(time.perf_counter() - start)

    return measured


CONFINED = Kernel._start_confined
OPEN = Nursery()
OPEN.uid = 0


def start_open(kernel: Kernel, calls: int) -> None:
    """Start a kernel from a zygote like the others', without a room; it stays who we are, for
    another could perhaps not read our Python out there."""
    kernel.scratch = tempfile.TemporaryDirectory(prefix="outgrow-")
    kernel.fd, kernel.work = CALLS, Path(kernel.scratch.name)
    spec = kernel.manager.kernel_spec
    assert spec is not None
    spec.metadata = {"kernel_provisioner": {"provisioner_name": "outgrow-sandbox"}}
    provisioner.nursery = lambda: OPEN
    kernel.manager.start_kernel(
        bundle=kernel.bundle,
        needs=kernel.needs,
        extra=engines(kernel.needs) | {"HOME": str(kernel.work), "TMPDIR": str(kernel.work)},
        calls=calls,
        confined=False,
        work=str(kernel.work),
    )
    provisioner.nursery = nursery


def submission(lab: Lab, bundle: Path, start: Callable) -> float:
    """Wall seconds of judging the reference once."""
    Kernel._start_confined = start  # type: ignore[method-assign]
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
