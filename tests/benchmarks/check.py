"""What `check` costs a student beyond the tests' own work.

    python tests/benchmarks/check.py

In one kernel, on the reference of 02_task_graphs: the wall time of each `check(...)` cell, and
beside it, as the peer, the time of the tests' own bodies inside the same runs. The difference is
the overhead. The last line says the worst task's median against the target; the exit status is 1 if
it is missed.
"""

import platform
import shutil
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

from autograder.course.release import staged
from autograder.judge.kernel import Kernel
from autograder.judge.session import plan
from autograder.judge.verdict import worth
from autograder.lab import read_lab
from autograder.notebook import instructor_notebook

TARGET, ROUNDS = 0.3, 7
PROBE = 'print(sum(v.seconds for v in check("{task}").verdicts))'


def main() -> int:
    lab = read_lab(Path(__file__).parents[2] / "labs" / "02_task_graphs")
    notebook = instructor_notebook(lab, worth(plan(lab.tests, lab.tasks)))
    with staged(lab) as bundle, Kernel(bundle) as kernel:
        for path in lab.visible:
            shutil.copy(path, kernel.work)
        for cell in (c for c in notebook.cells if c.cell_type == "code"):
            if not cell.source.startswith("check("):
                kernel.execute(cell.source, 60)
        first = measure(kernel, lab.tasks[0])
        rows = {t: [measure(kernel, t) for _ in range(ROUNDS)] for t in lab.tasks}
    return report(first, rows)


def measure(kernel: Kernel, task: str) -> tuple[float, float]:
    """Seconds of one check cell, and of its tests' own bodies."""
    start = time.perf_counter()
    run = kernel.execute(PROBE.format(task=task), 120)
    whole = time.perf_counter() - start
    return whole, float(run.outputs[0].text)


def report(first: tuple[float, float], rows: dict[str, list[tuple[float, float]]]) -> int:
    names = ("dask", "pytest", "ipykernel")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    print(f"{platform.machine()}, Python {platform.python_version()}, {versions}")
    print(f"the first check of a session: {first[0]:.3f} s, of which tests {first[1]:.3f} s")
    print(f"{'task':16}{'check, s':>10}{'tests, s':>10}{'overhead, s':>13}{'spread':>9}")
    worst = 0.0
    for task, times in rows.items():
        extra = [whole - tests for whole, tests in times]
        middle, spread = statistics.median(extra), max(extra) - min(extra)
        worst = max(worst, middle)
        whole, tests = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{task:16}{whole:10.3f}{tests:10.3f}{middle:13.3f}{spread:9.3f}")
    print(f"check: ratio {worst / TARGET:.2f} of {TARGET} s (target 1.00)")
    return 0 if worst <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
